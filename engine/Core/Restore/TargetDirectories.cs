using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Engine.State;

namespace Harness.Engine.Restore;

/// <summary>
/// The directories of a restore: made before everything else, finished from the deepest up after it. Knows which could not be made,
/// since nothing below them can be written. Logical thread only.
/// </summary>
internal sealed class TargetDirectories(IRestoreTarget target, SourceState state, TargetNames names, RestoreTally tally)
{
    private readonly Dictionary<string, (string Reason, string Message)> _missing = new(StringComparer.Ordinal);

    /// <summary>Makes them, parents first.</summary>
    public async ValueTask MakeAsync(List<RestoreItem> directories, CancellationToken cancellationToken)
    {
        foreach (var (path, _, _, _) in directories)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (path.Length == 0)
            {
                continue;
            }

            if (MissingAbove(path) is { } above)
            {
                Fail(path, above);
                continue;
            }

            try
            {
                await names.MakeDirectoryAsync(path, cancellationToken);
            }
            catch (BackupException error) when (RestoreFailures.ReasonOf(error.Code) is { } reason)
            {
                Fail(path, (reason, error.Message));
            }
        }

        tally.Directories = directories.Count - _missing.Count;
    }

    /// <summary>Why the directory of a path is not there; null when it is.</summary>
    public (string Reason, string Message)? MissingAbove(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash >= 0 && _missing.TryGetValue(path[..slash], out var why) ? why : null;
    }

    /// <summary>Gives them their streams and metadata.</summary>
    public async ValueTask FinishAsync(List<RestoreItem> directories, DirectoryStreams streams, CancellationToken cancellationToken)
    {
        for (var i = directories.Count - 1; i >= 0; i--)
        {
            if (!_missing.ContainsKey(directories[i].Path))
            {
                await FinishAsync(directories[i], streams, cancellationToken);
            }
        }
    }

    private async ValueTask FinishAsync(RestoreItem item, DirectoryStreams streams, CancellationToken cancellationToken)
    {
        var entry = (await state.FindEntryAsync(item.FileReference, cancellationToken))!;
        try
        {
            if (entry.Streams.Count > 0)
            {
                await streams.RestoreAsync(item.Path, entry, cancellationToken);
            }

            tally.AddNotes(
                item.Path, await target.FinishDirectoryAsync(item.Path, FileRestorer.MetadataOf(entry), cancellationToken));
        }
        catch (BackupException error) when (RestoreFailures.ReasonOf(error.Code) is { } reason)
        {
            tally.Failed.Add(RestoreFailures.Of(item.Path, entry, reason, error.Message));
        }
    }

    private void Fail(string path, (string Reason, string Message) why)
    {
        _missing[path] = why;
        tally.Failed.Add(new FailedItem(path, why.Reason, why.Message, Failures.OrdinaryClause));
    }
}
