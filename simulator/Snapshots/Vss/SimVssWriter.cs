namespace Harness.Simulator.Snapshots.Vss;

/// <summary>A writer out of hooks; without them it agrees to everything at once.</summary>
/// <param name="name">Name for people.</param>
public sealed class SimVssWriter(string name) : IVssWriter
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <summary>What it does when it freezes.</summary>
    public Func<CancellationToken, ValueTask>? Freeze { get; set; }

    /// <summary>What it does when it thaws.</summary>
    public Func<CancellationToken, ValueTask>? Thaw { get; set; }

    /// <summary>What it does when a set is given up.</summary>
    public Action? Abort { get; set; }

    /// <summary>A hook that never ends by itself.</summary>
    public static async ValueTask HangAsync(CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource();
        await using var registration = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
        await never.Task;
    }

    /// <inheritdoc/>
    public ValueTask OnFreezeAsync(CancellationToken cancellationToken) =>
        Freeze?.Invoke(cancellationToken) ?? ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask OnThawAsync(CancellationToken cancellationToken) =>
        Thaw?.Invoke(cancellationToken) ?? ValueTask.CompletedTask;

    /// <inheritdoc/>
    public void OnAbort() => Abort?.Invoke();
}
