using System.Runtime.CompilerServices;
using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Model;

namespace Harness.Engine.Restore;

/// <summary>Which entries of a recovery point a restore or a comparison is about. One logical thread.</summary>
internal sealed class RestoreSelection
{
    private readonly PathTable _table;
    private readonly List<string> _wanted;

    private RestoreSelection(PathTable table, List<string> wanted)
    {
        _table = table;
        _wanted = wanted.Contains("") ? [] : wanted;
    }

    /// <summary>What was asked for and has a name, or a parent with a name, that could lead out of a target.</summary>
    public IEnumerable<FailedItem> Refused => _wanted.Count == 0
        ? _table.Refused
        : _table.Refused.Where(item => _wanted.Exists(path => IsBelow(item.Path, path)));

    /// <summary>Selects; PathNotInRecoveryPoint with the nearest names for a path that is not there.</summary>
    /// <param name="table">The paths of the recovery point.</param>
    /// <param name="paths">What is asked for; empty is everything.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<RestoreSelection> OfAsync(
        PathTable table, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var wanted = new List<string>();
        foreach (var path in paths)
        {
            wanted.Add(await ResolveAsync(table, path, cancellationToken));
        }

        return new RestoreSelection(table, wanted);
    }

    /// <summary>What can be restored: all that was asked for, and the directories above it.</summary>
    public async IAsyncEnumerable<RestoreItem> ItemsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_wanted.Count == 0)
        {
            await foreach (var item in _table.BelowAsync("", cancellationToken))
            {
                yield return item;
            }

            yield break;
        }

        var above = new SortedSet<string>(_wanted.SelectMany(Above), StringComparer.Ordinal);
        var tops = _wanted.Distinct().Where(path => !_wanted.Exists(other => IsBelow(path, other))).ToList();
        foreach (var path in above.Where(path => !tops.Contains(path) && !tops.Exists(top => IsBelow(path, top))).Concat(tops))
        {
            if (await _table.FindAsync(path, cancellationToken) is { } item
                && (item.Kind == EntryKind.Directory || tops.Contains(path)))
            {
                yield return item;
            }
        }

        foreach (var top in tops)
        {
            await foreach (var item in _table.BelowAsync(top, cancellationToken))
            {
                yield return item;
            }
        }
    }

    /// <summary>The entry of a path, when it was asked for or lies above what was.</summary>
    public async ValueTask<RestoreItem?> FindAsync(string path, CancellationToken cancellationToken) =>
        await _table.FindAsync(path, cancellationToken) is { } item && Concerns(item) ? item : null;

    private static bool IsBelow(string path, string directory) =>
        path.Length > directory.Length && path[directory.Length] == '/' && path.StartsWith(directory, StringComparison.Ordinal);

    private static IEnumerable<string> Above(string path)
    {
        for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
        {
            yield return path[..end];
        }

        yield return "";
    }

    private bool Concerns(RestoreItem item) => _wanted.Count == 0 || _wanted.Exists(path =>
        item.Path == path || IsBelow(item.Path, path)
        || (item.Kind == EntryKind.Directory && (item.Path.Length == 0 || IsBelow(path, item.Path))));

    /// <summary>The path that a person meant: as given, or with '\' as a separator where no entry is named so.</summary>
    private static async ValueTask<string> ResolveAsync(PathTable table, string path, CancellationToken cancellationToken)
    {
        var asGiven = path.Trim('/');
        if (await table.FindAsync(asGiven, cancellationToken) is not null)
        {
            return asGiven;
        }

        var folded = path.Replace('\\', '/').Trim('/');
        if (await table.FindAsync(folded, cancellationToken) is not null)
        {
            return folded;
        }

        throw new BackupException(
            ErrorCode.PathNotInRecoveryPoint, $"The recovery point does not hold '{folded}'.", await RemedyForAsync(table, folded, cancellationToken));
    }

    private static async ValueTask<string> RemedyForAsync(PathTable table, string path, CancellationToken cancellationToken)
    {
        if (path.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            && await table.FindAsync(path[..colon], cancellationToken) is not null)
        {
            return $"Streams are restored with their file: give '{path[..colon]}'.";
        }

        if (path.AsSpan().IndexOfAny('*', '?') >= 0)
        {
            return "A path is a name and no pattern: give the folder, or each file with a --path of its own.";
        }

        var near = await NearestPaths.ToAsync(path, table.BelowAsync("", cancellationToken));
        return near.Count == 0
            ? "Give a path relative to the protected folder, with '/', in the case it was protected with."
            : $"The nearest that it holds: {string.Join(", ", near.Select(name => $"'{name}'"))}.";
    }
}
