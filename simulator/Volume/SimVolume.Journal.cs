using Harness.Simulator.Journal;

namespace Harness.Simulator.Volume;

/// <summary>What a volume tells its change journal and its watcher after each operation.</summary>
public sealed partial class SimVolume
{
    /// <summary>The change journal; active once it was made.</summary>
    public ChangeJournal Journal { get; }

    /// <summary>Who is told of changes, or null; one at a time.</summary>
    internal IVolumeWatcher? Watcher { get; set; }

    /// <summary>Time of the last operation as a FILETIME.</summary>
    internal long LastTime => _lastTick;

    /// <summary>A moment that no operation and no journal had before.</summary>
    internal ulong JournalTime()
    {
        RequireWritable("$Extend/$UsnJrnl");
        return (ulong)Tick();
    }

    /// <summary>Indexes of files and directories from one on, ascending.</summary>
    internal IEnumerable<uint> RecordsFrom(uint index)
    {
        for (; index < _nextIndex; index++)
        {
            if (Records.Get(index).IsInUse)
            {
                yield return index;
            }
        }
    }

    private static UsnReason DataReason(string name, long before, long after, long from)
    {
        var reason = from < Math.Min(before, after) ? UsnReason.DataOverwrite : UsnReason.None;
        reason |= after > before ? UsnReason.DataExtend : after < before ? UsnReason.DataTruncation : UsnReason.None;

        // The reasons of named streams are those of the unnamed one, four bits up.
        return name.Length == 0 ? reason : (UsnReason)((uint)reason << 4);
    }

    private FileReference ReferenceOf(uint index) => new(index, Records.Get(index).Sequence);

    private void Post(uint index, UsnReason reason, FileLink? link = null, NotifyFilters filter = default)
    {
        Journal.Post(ReferenceOf(index), reason, link);
        Watcher?.OnChanged();
        NotifyChange(index, reason, link, filter);
    }

    private void PostCreation(FileReference reference, UsnReason more)
    {
        if (Journal.IsActive)
        {
            if (more == UsnReason.None)
            {
                Journal.Post(reference, UsnReason.FileCreate);
            }
            else
            {
                Journal.Post(reference, (UsnReason.FileCreate, null), (more, null));
            }
        }

        Watcher?.OnChanged();
        NotifyCreation((uint)reference.Index);
    }

    private void PostRename(Place place, FileLink link)
    {
        Journal.Post(ReferenceOf(place.Index), (UsnReason.RenameOldName, place.Link), (UsnReason.RenameNewName, link));
        Watcher?.OnChanged();
        NotifyRename(place, link);
    }

    private void PostData(uint index, string name, StreamState before, long size, long from, long to, UsnReason also)
    {
        var reason = DataReason(name, before.Size, size, from);
        Journal.PostData(ReferenceOf(index), reason | also, name.Length == 0, from, Math.Min(to, size));
        if (Watcher is { } watcher)
        {
            if (from < Math.Min(Math.Min(to, size), before.Size))
            {
                watcher.OnOverwritten(ReferenceOf(index), name, before, from, Math.Min(Math.Min(to, size), before.Size));
            }

            watcher.OnChanged();
        }

        NotifyChange(index, reason | also, null, default);
    }
}
