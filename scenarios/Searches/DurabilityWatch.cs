using Harness.Simulator.Faults;
using Harness.Simulator.Scratch;

namespace Harness.Scenarios.Searches;

/// <summary>
/// Notes after which operations of a process a crash could lose something. A call is decided in the step in which it has its
/// effect, so when the next one is asked about, the scratch location is as a crash after the last one would find it.
/// </summary>
/// <param name="inner">Who decides about faults.</param>
/// <param name="scratch">What a crash would strike.</param>
internal sealed class DurabilityWatch(IFaultSource inner, SimScratch scratch) : IFaultSource
{
    private readonly HashSet<long> _durable = [];
    private long _operations;

    /// <summary>After these operations everything was flushed: dropped, kept and torn are the same.</summary>
    public IReadOnlySet<long> Durable => _durable;

    /// <inheritdoc/>
    public FaultKind? Next(string operation, string key)
    {
        if (scratch.IsDurable)
        {
            _durable.Add(_operations);
        }

        _operations++;
        return inner.Next(operation, key);
    }
}
