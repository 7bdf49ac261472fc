using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Repositories;

namespace Harness.Engine.Restore;

/// <summary>Which entries of a recovery point a restore is about, and which of them have names that lead nowhere safe.</summary>
/// <param name="Items">What can be restored: all that was asked for, and the directories above it.</param>
/// <param name="Refused">What was asked for and has a name, or a parent with a name, that could lead out of a target.</param>
internal sealed record RestoreSelection(IReadOnlyList<RestoreItem> Items, IReadOnlyList<FailedItem> Refused)
{
    /// <summary>
    /// Selects. Throws PathNotInRecoveryPoint with the nearest names for a path that is not there, VaultBlobDamaged for a
    /// state that is no tree.
    /// </summary>
    /// <param name="state">The recovery point.</param>
    /// <param name="tree">Its paths.</param>
    /// <param name="paths">What is asked for; empty is everything.</param>
    /// <param name="index">Where segments lie, to order files by; null when that is not needed.</param>
    public static RestoreSelection Of(RecordState state, PathTree tree, IReadOnlyList<string> paths, SegmentIndex? index)
    {
        var all = new List<RestoreItem>();
        var refused = new List<FailedItem>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in state.Entries())
        {
            if (TryPathOf(tree, entry, refused) is not { } path)
            {
                continue;
            }

            if (!known.Add(path))
            {
                throw new BackupException(
                    ErrorCode.VaultBlobDamaged, $"The recovery point holds '{path}' twice.", "Restore another recovery point.");
            }

            var (pack, offset) = FirstPlace(state, entry, index);
            all.Add(new RestoreItem(
                path, entry.FileReference, entry.Kind, entry.Streams.Sum(stream => stream.SizeBytes), pack, offset));
        }

        var wanted = paths.Select(path => Resolve(path, known)).ToList();
        return wanted.Count == 0 || wanted.Contains("")
            ? new RestoreSelection(all, refused)
            : new RestoreSelection(
                [.. all.Where(item => wanted.Any(path => Concerns(path, item)))],
                [.. refused.Where(item => wanted.Any(path => item.Path.StartsWith(path + "/", StringComparison.Ordinal)))]);
    }

    private static string? TryPathOf(PathTree tree, EntryRecord entry, List<FailedItem> refused)
    {
        try
        {
            return tree.PathOf(entry);
        }
        catch (BackupException error) when (error.Code == ErrorCode.TargetEscape)
        {
            refused.Add(new FailedItem(tree.ShownPathOf(entry), "target-escape", error.Message, Failures.OrdinaryClause));
            return null;
        }
    }

    private static bool Concerns(string wanted, RestoreItem item)
    {
        var isWanted = item.Path == wanted || item.Path.StartsWith(wanted + "/", StringComparison.Ordinal);
        var isAbove = item.Path.Length == 0 || wanted.StartsWith(item.Path + "/", StringComparison.Ordinal);
        return isWanted || (isAbove && item.Kind == EntryKind.Directory);
    }

    /// <summary>The path that a person meant: as given, or with '\' as a separator where no entry is named so.</summary>
    private static string Resolve(string path, HashSet<string> known)
    {
        var asGiven = path.Trim('/');
        if (known.Contains(asGiven))
        {
            return asGiven;
        }

        var folded = path.Replace('\\', '/').Trim('/');
        if (known.Contains(folded))
        {
            return folded;
        }

        throw new BackupException(
            ErrorCode.PathNotInRecoveryPoint, $"The recovery point does not hold '{folded}'.", RemedyFor(folded, known));
    }

    private static string RemedyFor(string path, HashSet<string> known)
    {
        if (path.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && known.Contains(path[..colon]))
        {
            return $"Streams are restored with their file: give '{path[..colon]}'.";
        }

        if (path.AsSpan().IndexOfAny('*', '?') >= 0)
        {
            return "A path is a name and no pattern: give the folder, or each file with a --path of its own.";
        }

        var near = NearestPaths.To(path, known);
        return near.Count == 0
            ? "Give a path relative to the protected folder, with '/', in the case it was protected with."
            : $"The nearest that it holds: {string.Join(", ", near.Select(name => $"'{name}'"))}.";
    }

    /// <summary>Files in the order of their first segment are read from the vault front to back.</summary>
    private static (Hash256 Pack, uint Offset) FirstPlace(RecordState state, EntryRecord entry, SegmentIndex? index)
    {
        if (index is null)
        {
            return default;
        }

        foreach (var stream in entry.Streams)
        {
            foreach (var extent in state.ExtentsOf(entry, stream))
            {
                if (extent.Kind == ExtentKind.Data && index.Find(extent.Segment!.Id) is { } location)
                {
                    return (location.Pack.Hash, location.Record.Offset);
                }
            }
        }

        return default;
    }
}
