using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Prune;

namespace Harness.Engine.Check;

/// <summary>
/// Whether the entries of a state are one tree with safe names, as FORMAT.md section 8 demands, kept up to date by what
/// changes: a recovery point costs what it changed, times its depth.
/// </summary>
internal sealed class TreeCheck
{
    private readonly Dictionary<ulong, ulong> _directories = [];
    private readonly Dictionary<ulong, int> _children = [];
    private readonly Dictionary<(ulong Parent, string Name), int> _names = [];
    private int _roots;
    private int _orphans;
    private int _twins;
    private int _unsafeNames;
    private bool _hasCycle;

    /// <summary>What is wrong with the tree as it is; null when nothing is.</summary>
    public string? Problem => _roots != 1 ? $"it has {_roots} roots"
        : _orphans > 0 || _hasCycle ? "an entry's parents do not lead to the root"
        : _twins > 0 ? "two entries of one directory have one name"
        : _unsafeNames > 0 ? "a name could lead out of a target"
        : null;

    public void Apply(IReadOnlyList<RecordChange> changes)
    {
        var entries = changes.Where(change => change.Key.Space == RecordKey.Entries).ToList();
        foreach (var change in entries)
        {
            if (change.Before is { } before)
            {
                Remove(RecordCodec.DecodeEntry(change.Key.Id, before.Payload, parent: null));
            }
        }

        foreach (var change in entries)
        {
            if (change.After is { } after)
            {
                Add(RecordCodec.DecodeEntry(change.Key.Id, after.Payload, parent: null));
            }
        }

        IEnumerable<ulong> suspects = _hasCycle ? _directories.Keys : entries.Select(change => change.Key.Id);
        _hasCycle = suspects.Any(IsInCycle);
    }

    private void Add(EntryRecord entry)
    {
        if (entry.Kind == EntryKind.Directory)
        {
            _directories[entry.FileReference] = entry.Parent;
            _orphans -= _children.GetValueOrDefault(entry.FileReference);
        }

        if (entry.IsRoot)
        {
            _roots++;
            return;
        }

        foreach (var (parent, name) in entry.Names.Prepend(new EntryName(entry.Parent, entry.Name)))
        {
            AddName(parent, name);
        }
    }

    private void AddName(ulong parent, string name)
    {
        _children[parent] = _children.GetValueOrDefault(parent) + 1;
        _orphans += _directories.ContainsKey(parent) ? 0 : 1;
        var count = _names[(parent, name)] = _names.GetValueOrDefault((parent, name)) + 1;
        _twins += count == 2 ? 1 : 0;
        _unsafeNames += IsSafe(name) ? 0 : 1;
    }

    private void RemoveName(ulong parent, string name)
    {
        var children = _children[parent] -= 1;
        _orphans -= _directories.ContainsKey(parent) ? 0 : 1;
        var count = _names[(parent, name)] -= 1;
        _twins -= count == 1 ? 1 : 0;
        _unsafeNames -= IsSafe(name) ? 0 : 1;
        if (children == 0)
        {
            _children.Remove(parent);
        }

        if (count == 0)
        {
            _names.Remove((parent, name));
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
            foreach (var (parent, name) in entry.Names.Prepend(new EntryName(entry.Parent, entry.Name)))
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

    private static bool IsSafe(string name) =>
        name.Length > 0 && name is not ("." or "..") && !name.Contains('/') && !name.Contains('\0');

    /// <summary>Whether the way up from a directory never ends; one that ends at nothing is an orphan's and counted there.</summary>
    private bool IsInCycle(ulong reference)
    {
        for (var steps = 0; _directories.TryGetValue(reference, out var parent) && parent != reference; steps++)
        {
            if (steps > _directories.Count)
            {
                return true;
            }

            reference = parent;
        }

        return false;
    }
}
