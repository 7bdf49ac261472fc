using System.Text;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.State;

namespace Harness.Engine.Restore;

/// <summary>
/// The paths of a recovery point's entries, rebuilt from names and parents and checked as FORMAT.md section 8 demands: no
/// name in a vault, whoever wrote it, may lead out of a target. Holds directories only: 200 bytes or so for each.
/// </summary>
internal sealed class PathTree
{
    /// <summary>Of a million directories as they are. Of a chain of 100,000 in one another the paths would take 10 GB.</summary>
    private const long MostRememberedCharacters = 64L << 20;

    private readonly Dictionary<ulong, (ulong Parent, string Name)> _directories;
    private readonly Dictionary<ulong, string> _paths = [];
    private readonly ulong _root;
    private long _rememberedCharacters;

    private PathTree(ulong root, Dictionary<ulong, (ulong Parent, string Name)> directories)
    {
        (_root, _directories) = (root, directories);
        _paths[root] = "";
    }

    public static async ValueTask<PathTree> OfAsync(SourceState state, CancellationToken cancellationToken)
    {
        var directories = new Dictionary<ulong, (ulong Parent, string Name)>();
        var roots = new List<ulong>();
        await foreach (var entry in state.DirectoriesAsync(cancellationToken))
        {
            directories[entry.FileReference] = (entry.Parent, entry.Name);
            if (entry.IsRoot)
            {
                roots.Add(entry.FileReference);
            }
        }

        return roots is [var root] ? new PathTree(root, directories) : throw Invalid($"it has {roots.Count} roots");
    }

    /// <summary>The path of an entry, with '/'.</summary>
    public string PathOf(EntryRecord entry) =>
        entry.FileReference == _root ? "" : PathOf(new EntryName(entry.Parent, entry.Name));

    /// <summary>The path of one of the names of an entry, with '/'.</summary>
    public string PathOf(EntryName name)
    {
        RequireSafe(name.Name);
        var parent = PathOfDirectory(name.Parent);
        return parent.Length == 0 ? name.Name : $"{parent}/{name.Name}";
    }

    /// <summary>
    /// Where an entry claims to be, for people: never opened, with control characters made visible. For entries whose
    /// <see cref="PathOf(EntryRecord)"/> is refused.
    /// </summary>
    public string ShownPathOf(EntryRecord entry)
    {
        var names = new List<string> { Shown(entry.Name) };
        var reference = entry.Parent;
        for (var steps = 0; reference != _root && steps <= _directories.Count; steps++)
        {
            if (!_directories.TryGetValue(reference, out var directory))
            {
                break;
            }

            names.Add(Shown(directory.Name));
            reference = directory.Parent;
        }

        names.Reverse();
        return string.Join('/', names);
    }

    /// <summary>Where an issue is. It is shown, never opened, so its name may be anything.</summary>
    public string PathOf(IssueRecord issue)
    {
        var parent = PathOfDirectory(issue.Parent);
        return parent.Length == 0 ? issue.Name : $"{parent}/{issue.Name}";
    }

    private string PathOfDirectory(ulong reference)
    {
        var pending = new Stack<ulong>();
        while (!_paths.ContainsKey(reference))
        {
            if (!_directories.TryGetValue(reference, out var directory) || pending.Count > _directories.Count)
            {
                throw Invalid("an entry's parents do not lead to the root");
            }

            pending.Push(reference);
            reference = directory.Parent;
        }

        if (pending.Count == 0)
        {
            return _paths[reference];
        }

        var path = new StringBuilder(_paths[reference]);
        while (pending.TryPop(out var next))
        {
            var name = _directories[next].Name;
            RequireSafe(name);
            path.Append(path.Length == 0 ? "" : "/").Append(name);
            if (_rememberedCharacters + path.Length <= MostRememberedCharacters)
            {
                _rememberedCharacters += path.Length;
                _paths[next] = path.ToString();
            }
        }

        return path.ToString();
    }

    private static void RequireSafe(string name)
    {
        if (name.Length == 0 || name is "." or ".." || name.Contains('/') || name.Contains('\0'))
        {
            throw new BackupException(
                ErrorCode.TargetEscape,
                $"The recovery point holds the name '{Shown(name)}', which could lead out of the target.",
                "The vault was written by something else than this engine; do not trust it.");
        }
    }

    private static string Shown(string name) =>
        string.Concat(name.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));

    private static BackupException Invalid(string what) => new(
        ErrorCode.VaultBlobDamaged, $"The recovery point's tree is not valid: {what}.", "Restore another recovery point.");
}
