using Harness.Simulator.Kernel;

namespace Harness.Simulator.Processes;

/// <summary>The clock of a machine as one process reads it: at each look the wall clock may turn out to have been set, or to run wrong.</summary>
/// <param name="process">Who looks.</param>
/// <param name="host">Whose clock it is.</param>
internal sealed class ProcessClock(SimProcess process, SimHost host) : TimeProvider
{
    private readonly HostClock _inner = host.Clock;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => _inner.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => _inner.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        host.AskClock(process.Ask);
        return _inner.GetUtcNow();
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => _inner.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _inner.CreateTimer(callback, state, dueTime, period);
}
