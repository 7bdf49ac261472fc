namespace Harness.Simulator.Kernel;

/// <summary>An operation of a port that is under way until this is disposed. One thread.</summary>
public readonly struct PendingOperation : IDisposable, IEquatable<PendingOperation>
{
    private readonly PendingOperations _operations;
    private readonly int _place;
    private readonly long _number;

    internal PendingOperation(PendingOperations operations, int place, long number) =>
        (_operations, _place, _number) = (operations, place, number);

    /// <summary>The same operation.</summary>
    public static bool operator ==(PendingOperation left, PendingOperation right) => left.Equals(right);

    /// <summary>Another operation.</summary>
    public static bool operator !=(PendingOperation left, PendingOperation right) => !left.Equals(right);

    /// <summary>Ends the operation; again does nothing.</summary>
    public void Dispose() => _operations?.End(_place, _number);

    /// <inheritdoc/>
    public bool Equals(PendingOperation other) => ReferenceEquals(_operations, other._operations) && _number == other._number;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PendingOperation other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _number.GetHashCode();
}
