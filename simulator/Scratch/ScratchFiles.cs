using Harness.Simulator.Content;

namespace Harness.Simulator.Scratch;

/// <summary>
/// The names of a scratch location and what each stands for: as a program sees them, and as a disk would have them after a crash.
/// Creations, renames and deletions reach the disk in their order; a flush of a name carries all up to the last that concerned it. One thread.
/// </summary>
internal sealed class ScratchFiles
{
    private readonly List<Change> _pending = [];
    private SortedDictionary<string, ScratchFile> _now = new(StringComparer.Ordinal);
    private SortedDictionary<string, ScratchFile> _onDisk = new(StringComparer.Ordinal);

    /// <summary>Names in ordinal order.</summary>
    public IEnumerable<string> Names => _now.Keys;

    /// <summary>Bytes of all files.</summary>
    public long TotalBytes => _now.Values.Sum(file => file.Content.Length);

    /// <summary>Whether a crash now could lose anything.</summary>
    public bool IsDurable => _pending.Count == 0 && _now.Values.All(file => file.Content.Length == file.DurableBytes);

    /// <summary>The file of a name, or null.</summary>
    public ScratchFile? Find(string name) => _now.GetValueOrDefault(name);

    /// <summary>Makes a file of a name that has none.</summary>
    public ScratchFile Create(string name)
    {
        var file = new ScratchFile();
        Do(new Change(name, null, file));
        return file;
    }

    /// <summary>Gives a file another name; returns the file that had it, or null.</summary>
    public ScratchFile? Rename(string from, string to)
    {
        var replaced = _now.GetValueOrDefault(to);
        Do(new Change(to, from, _now[from]));
        return replaced;
    }

    /// <summary>Takes a name away; returns the file that had it, or null.</summary>
    public ScratchFile? Delete(string name)
    {
        var file = _now.GetValueOrDefault(name);
        if (file is not null)
        {
            Do(new Change(name, null, null));
        }

        return file;
    }

    /// <summary>Makes a file durable, and everything done to names up to the last that concerned this one.</summary>
    public void Flush(string name)
    {
        Find(name)?.Flush();
        Carry(_pending.FindLastIndex(change => change.Name == name || change.OldName == name) + 1);
    }

    /// <summary>Leaves what a crash leaves.</summary>
    public void Crash(CrashLoss loss, SeededSequence choices)
    {
        Carry(loss switch
        {
            CrashLoss.Dropped => 0,
            CrashLoss.Kept => _pending.Count,
            _ => choices.Below(_pending.Count + 1),
        });
        _pending.Clear();
        _now = new(_onDisk, StringComparer.Ordinal);
        foreach (var file in _now.Values)
        {
            file.Crash(loss, choices);
        }
    }

    /// <summary>Loses every file.</summary>
    public void Clear()
    {
        _pending.Clear();
        _now.Clear();
        _onDisk = new(StringComparer.Ordinal);
    }

    private void Do(Change change)
    {
        change.ApplyTo(_now);
        _pending.Add(change);
    }

    private void Carry(int count)
    {
        foreach (var change in _pending.Take(count))
        {
            change.ApplyTo(_onDisk);
        }

        _pending.RemoveRange(0, count);
    }

    /// <summary>A name stands for a file from now on, or for none; another name that it had is free.</summary>
    private sealed record Change(string Name, string? OldName, ScratchFile? File)
    {
        public void ApplyTo(SortedDictionary<string, ScratchFile> names)
        {
            if (OldName is not null)
            {
                names.Remove(OldName);
            }

            if (File is null)
            {
                names.Remove(Name);
            }
            else
            {
                names[Name] = File;
            }
        }
    }
}
