using Harness.Engine.Format;

namespace Harness.Engine.Backup;

/// <summary>
/// Collects the names of files of several names, which a listing gives one by one: the first brings the file, the others only
/// themselves. Its size follows the number of such files. Logical thread only.
/// </summary>
internal sealed class LinkedNames
{
    private readonly Dictionary<ulong, Linked> _files = [];

    /// <summary>Takes a name; false when the file came under another name before.</summary>
    public bool IsFirst(EntryPlan plan)
    {
        var entry = plan.Entry;
        if (_files.TryGetValue(entry.FileReference, out var known))
        {
            known.Names.Add(new EntryName(entry.ParentReference, entry.Name));
            return false;
        }

        _files[entry.FileReference] = new Linked();
        return true;
    }

    /// <summary>Takes the record of such a file, complete but for its other names.</summary>
    public void Keep(EntryRecord record, EntryRecord? previous)
    {
        var linked = _files[record.FileReference];
        (linked.Record, linked.Previous) = (record, previous);
    }

    /// <summary>Every file with all its names, once no more will come. One that could not be read has none.</summary>
    public IEnumerable<(EntryRecord Record, EntryRecord? Previous)> All()
    {
        foreach (var linked in _files.Values)
        {
            if (linked.Record is { } record)
            {
                linked.Names.Sort();
                yield return (record with { Names = [.. linked.Names] }, linked.Previous);
            }
        }
    }

    private sealed class Linked
    {
        public EntryRecord? Record { get; set; }

        public EntryRecord? Previous { get; set; }

        public List<EntryName> Names { get; } = [];
    }
}
