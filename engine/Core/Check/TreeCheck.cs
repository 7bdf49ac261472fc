using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Prune;

namespace Harness.Engine.Check;

/// <summary>
/// Whether the entries of a state are one tree with safe names, as FORMAT.md section 8 demands, kept up to date by what
/// changes: a recovery point costs what it changed, times its depth. Of directories it holds about 100 bytes each in memory,
/// of files nothing. One logical thread.
/// </summary>
internal sealed class TreeCheck(NameTwins names) : IDisposable
{
    private readonly Dictionary<ulong, ulong> _directories = [];
    private readonly Dictionary<ulong, int> _children = [];
    private readonly List<ulong> _changed = [];
    private int _roots;
    private int _orphans;
    private int _unsafeNames;
    private bool _hasCycle;

    /// <summary>What is wrong with the tree as it is; null when nothing is.</summary>
    public string? Problem => _roots != 1 ? $"it has {_roots} roots"
        : _orphans > 0 || _hasCycle ? "an entry's parents do not lead to the root"
        : names.Count > 0 ? "two entries of one directory have one name"
        : _unsafeNames > 0 ? "a name could lead out of a target"
        : null;

    /// <summary>Takes a change in; the tree is to be judged after <see cref="FinishAsync"/>.</summary>
    public async ValueTask AddAsync(RecordChange change, CancellationToken cancellationToken)
    {
        if (change.Key.Space != RecordKey.Entries)
        {
            return;
        }

        if (change.Before is { } before)
        {
            var entry = RecordCodec.DecodeEntry(change.Key.Id, before.Payload, parent: null);
            Remove(entry);
            await NameAsync(entry, hasIt: false, cancellationToken);
        }

        if (change.After is { } after)
        {
            var entry = RecordCodec.DecodeEntry(change.Key.Id, after.Payload, parent: null);
            Add(entry);
            await NameAsync(entry, hasIt: true, cancellationToken);
        }
    }

    /// <summary>Ends the changes of one recovery point.</summary>
    public async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        await names.ApplyAsync(cancellationToken);
        IEnumerable<ulong> suspects = _hasCycle ? _directories.Keys : _changed;
        var sound = new HashSet<ulong>();
        _hasCycle = suspects.Any(directory => IsInCycle(directory, sound));
        _changed.Clear();
    }

    public void Dispose() => names.Dispose();

    private async ValueTask NameAsync(EntryRecord entry, bool hasIt, CancellationToken cancellationToken)
    {
        foreach (var name in entry.IsRoot ? [] : NamesOf(entry))
        {
            await names.AddAsync(name, entry.FileReference, hasIt, cancellationToken);
        }
    }

    private void Add(EntryRecord entry)
    {
        if (entry.Kind == EntryKind.Directory)
        {
            _directories[entry.FileReference] = entry.Parent;
            _changed.Add(entry.FileReference);
            _orphans -= _children.GetValueOrDefault(entry.FileReference);
        }

        if (entry.IsRoot)
        {
            _roots++;
            return;
        }

        foreach (var (parent, name) in NamesOf(entry))
        {
            _children[parent] = _children.GetValueOrDefault(parent) + 1;
            _orphans += _directories.ContainsKey(parent) ? 0 : 1;
            _unsafeNames += IsSafe(name) ? 0 : 1;
        }
    }

    private void Remove(EntryRecord entry)
    {
        if (entry.IsRoot)
        {
            _roots--;
        }
        else
        {
            foreach (var (parent, name) in NamesOf(entry))
            {
                RemoveName(parent, name);
            }
        }

        if (entry.Kind == EntryKind.Directory)
        {
            _directories.Remove(entry.FileReference);
            _orphans += _children.GetValueOrDefault(entry.FileReference);
        }
    }

    private void RemoveName(ulong parent, string name)
    {
        var children = _children[parent] -= 1;
        _orphans -= _directories.ContainsKey(parent) ? 0 : 1;
        _unsafeNames -= IsSafe(name) ? 0 : 1;
        if (children == 0)
        {
            _children.Remove(parent);
        }
    }

    private static IEnumerable<EntryName> NamesOf(EntryRecord entry) => entry.Names.Prepend(new EntryName(entry.Parent, entry.Name));

    private static bool IsSafe(string name) =>
        name.Length > 0 && name is not ("." or "..") && !name.Contains('/') && !name.Contains('\0');

    /// <summary>
    /// Whether the way up from a directory never ends; one that ends at nothing is an orphan's and counted there. No part of a way is
    /// gone twice, however deep a tree somebody has made.
    /// </summary>
    private bool IsInCycle(ulong directory, HashSet<ulong> sound)
    {
        var way = new List<ulong>();
        for (var at = directory; _directories.TryGetValue(at, out var parent) && parent != at && !sound.Contains(at); at = parent)
        {
            if (way.Count > _directories.Count)
            {
                return true;
            }

            way.Add(at);
        }

        sound.UnionWith(way);
        return false;
    }
}
