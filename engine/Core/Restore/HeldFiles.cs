using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.State;
using Harness.Engine.Verify;

namespace Harness.Engine.Restore;

/// <summary>
/// Files that the target holds byte for byte: they are left as they are, and only their metadata is set. Each is compared
/// once more when its turn comes, holes included. Logical thread only.
/// </summary>
internal sealed class HeldFiles(EngineServices services, KeyRing keys, SourceState state, IRestoreTarget target)
{
    /// <summary>Keeps the file and gives what the target cannot express; null when it has to be written.</summary>
    public async ValueTask<IReadOnlyList<string>?> TryKeepAsync(FilePlan plan, CancellationToken cancellationToken)
    {
        var (path, entry) = (plan.Item.Path, plan.Entry);
        for (var i = 0; i < entry.Streams.Count; i++)
        {
            if (!await IsPlannedAsync(plan, i, cancellationToken))
            {
                return null;
            }
        }

        foreach (var stream in entry.Streams)
        {
            if (!await IsEqualAsync(path, entry, stream, cancellationToken))
            {
                return null;
            }
        }

        var streams = entry.Streams.Select(stream => new RestoreStream(stream.Name, stream.SizeBytes, stream.AllocatedBytes, stream.Traits));
        return await target.KeepFileAsync(path, FileRestorer.MetadataOf(entry), [.. streams], cancellationToken);
    }

    /// <summary>Whether every range with data was found there when the file was planned.</summary>
    private async ValueTask<bool> IsPlannedAsync(FilePlan plan, int stream, CancellationToken cancellationToken)
    {
        var record = plan.Entry.Streams[stream];
        var ranges = plan.Reused?[stream];
        if (record.RawSizeBytes is not null)
        {
            return false;
        }

        await foreach (var item in RangeDigests.OfAsync(state, plan.Entry, record, cancellationToken))
        {
            if (ranges is null || !ranges[(int)item.Range])
            {
                return false;
            }
        }

        return true;
    }

    private async ValueTask<bool> IsEqualAsync(
        string path, EntryRecord entry, StreamRecord stream, CancellationToken cancellationToken)
    {
        await using var reader = await target.OpenExistingAsync(path, stream.Name, cancellationToken);
        if (reader is null || reader.LengthBytes != stream.SizeBytes)
        {
            return false;
        }

        var comparison = new ContentComparison(services, keys, state);
        try
        {
            await comparison.AddAsync(path, entry, stream, reader, cancellationToken);
            return (await comparison.FinishAsync()).Count == 0;
        }
        catch (SourceReadException)
        {
            return false;
        }
        finally
        {
            await comparison.DrainAsync();
        }
    }
}
