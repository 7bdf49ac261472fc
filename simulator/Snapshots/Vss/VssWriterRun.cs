using Harness.Engine.Model;

namespace Harness.Simulator.Snapshots.Vss;

/// <summary>The writers in one set: freeze, thaw, and what became of each.</summary>
internal sealed class VssWriterRun(IReadOnlyList<IVssWriter> writers, VssOptions options, TimeProvider clock)
{
    private readonly IVssWriter[] _writers = [.. writers];
    private readonly long[] _frozenAt = new long[writers.Count];

    public VssWriterStatus[] Statuses { get; } =
        [.. writers.Select(writer => new VssWriterStatus(writer.Name, VssWriterState.Stable, VssError.None))];

    public ConsistencyLevel Consistency => _writers.Length == 0 ? ConsistencyLevel.Crash
        : Array.TrueForAll(Statuses, status => status.LastError == VssError.None) ? ConsistencyLevel.Application
        : ConsistencyLevel.FileSystem;

    /// <summary>All writers share one limit. One that fails is left out from then on.</summary>
    public async ValueTask FreezeAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        for (var i = 0; i < _writers.Length; i++)
        {
            Set(i, VssWriterState.WaitingForThaw, VssError.None);
            var error = await CallAsync(
                _writers[i].OnFreezeAsync, options.FreezeLimit - clock.GetElapsedTime(started), cancellationToken);
            _frozenAt[i] = clock.GetTimestamp();
            if (error != VssError.None)
            {
                Set(i, VssWriterState.FailedAtFreeze, error);
                _writers[i].OnAbort();
            }
        }
    }

    /// <summary>Thaws every writer that froze; one that was frozen too long has gone on writing before the commit, or may have.</summary>
    public async ValueTask ThawAsync()
    {
        for (var i = 0; i < _writers.Length; i++)
        {
            if (Statuses[i].State != VssWriterState.WaitingForThaw)
            {
                continue;
            }

            var wasTooLong = clock.GetElapsedTime(_frozenAt[i]) > options.FreezeLimit;
            var error = await CallAsync(_writers[i].OnThawAsync, options.ThawLimit, CancellationToken.None);
            error = wasTooLong ? VssError.WriterTimeout : error;
            Set(i, error == VssError.None ? VssWriterState.Stable : VssWriterState.FailedAtThaw, error);
        }
    }

    /// <summary>After a set that failed: whoever is frozen still goes on.</summary>
    public void AbortFrozen()
    {
        for (var i = 0; i < _writers.Length; i++)
        {
            if (Statuses[i].State == VssWriterState.WaitingForThaw)
            {
                Set(i, VssWriterState.Stable, VssError.None);
                _writers[i].OnAbort();
            }
        }
    }

    private void Set(int writer, VssWriterState state, VssError error) =>
        Statuses[writer] = Statuses[writer] with { State = state, LastError = error };

    private async ValueTask<VssError> CallAsync(
        Func<CancellationToken, ValueTask> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await TimeLimit.RunAsync(call, limit, clock, cancellationToken) ? VssError.None : VssError.WriterTimeout;
        }
        catch (VssException error)
        {
            return error.Error;
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The boundary to code of others: whatever a writer throws fails that writer alone.
            return VssError.WriterRetryable;
        }
    }
}
