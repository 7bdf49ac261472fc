using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.State;

namespace Harness.Engine.Restore;

/// <summary>
/// Reparse points, made after everything else so that nothing is written through one, and further names of files. Logical thread only.
/// </summary>
internal sealed class LinkRestorer(
    IRestoreTarget target, SourceState state, TargetNames names, TargetDirectories directories, RestoreTally tally)
{
    /// <summary>Files of several names: where the first was restored; null while it is on its way.</summary>
    private readonly Dictionary<ulong, string?> _linked = [];

    /// <summary>Whether this is the first name of its file; from then on it is not.</summary>
    public bool IsFirstName(EntryRecord entry) => entry.Names.Count == 0 || _linked.TryAdd(entry.FileReference, null);

    /// <summary>Remembers where a file of several names went.</summary>
    public void Remember(EntryRecord entry, string path)
    {
        if (entry.Names.Count > 0)
        {
            _linked[entry.FileReference] = path;
        }
    }

    /// <summary>Gives a file that is there a further name; false when it has to be written.</summary>
    public async ValueTask<bool> TryLinkAsync(EntryRecord entry, string path, CancellationToken cancellationToken)
    {
        if (entry.Names.Count == 0 || !_linked.TryGetValue(entry.FileReference, out var existing) || existing is null)
        {
            return false;
        }

        if (!await target.CreateHardLinkAsync(existing, path, FileRestorer.MetadataOf(entry), cancellationToken))
        {
            tally.AddNotes(path, [$"that it is one file with '{existing}': it was restored as a copy"]);
            return false;
        }

        tally.Files++;
        await names.RememberAsync(path, cancellationToken);
        return true;
    }

    /// <summary>Makes a reparse point.</summary>
    public async ValueTask RestoreAsync(RestoreItem item, CancellationToken cancellationToken)
    {
        var entry = (await state.FindEntryAsync(item.FileReference, cancellationToken))!;
        try
        {
            if (directories.MissingAbove(item.Path) is { } above)
            {
                tally.Failed.Add(RestoreFailures.Of(item.Path, entry, above.Reason, above.Message));
            }
            else if (await names.FreePathAsync(item.Path, cancellationToken) is not { } path)
            {
                tally.Kept.Add(item.Path);
            }
            else
            {
                tally.AddNotes(path, await target.CreateLinkAsync(
                    path, FileRestorer.MetadataOf(entry), entry.Reparse!, cancellationToken));
                await names.RememberAsync(path, cancellationToken);
                tally.Files++;
            }
        }
        catch (BackupException error) when (error.Code == ErrorCode.PlatformUnsupported)
        {
            tally.AddNotes(item.Path, [$"the reparse point itself, which was left out: {error.Message}"]);
        }
        catch (BackupException error) when (RestoreFailures.ReasonOf(error.Code) is { } reason)
        {
            tally.Failed.Add(RestoreFailures.Of(item.Path, entry, reason, error.Message));
        }
    }
}
