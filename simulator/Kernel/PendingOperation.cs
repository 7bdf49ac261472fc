namespace Harness.Simulator.Kernel;

/// <summary>An operation of a port that is under way until this is disposed. One thread.</summary>
public readonly struct PendingOperation : IDisposable, IEquatable<PendingOperation>
{
    private readonly PendingOperations _owner;
    private readonly long _number;

    internal PendingOperation(PendingOperations owner, long number)
    {
        _owner = owner;
        _number = number;
    }

    /// <summary>The same operation.</summary>
    public static bool operator ==(PendingOperation left, PendingOperation right) => left.Equals(right);

    /// <summary>Another operation.</summary>
    public static bool operator !=(PendingOperation left, PendingOperation right) => !left.Equals(right);

    /// <summary>Ends the operation; again does nothing.</summary>
    public void Dispose() => _owner?.End(_number);

    /// <inheritdoc/>
    public bool Equals(PendingOperation other) => ReferenceEquals(_owner, other._owner) && _number == other._number;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PendingOperation other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _number.GetHashCode();
}
