namespace Harness.Simulator.Processes;

/// <summary>What is or was wrong with a source, over runs: places that cannot be read any more, and what changed under a reader. One thread.</summary>
public sealed class SimSourceDisk
{
    private const long BlockBytes = 4096;

    private readonly HashSet<(string Path, long Block)> _bad = [];
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    /// <summary>Entries of which something ever changed under a reader: an engine must look at them again, and not trust their change time.</summary>
    public IReadOnlySet<string> ChangedPaths => _changed;

    /// <summary>Heals every place.</summary>
    public void Heal() => _bad.Clear();

    internal void NoteChanged(string path) => _changed.Add(path.Split(':')[0]);

    internal void Spoil(string path, long offset) => _bad.Add((path, offset / BlockBytes));

    internal bool IsBad(string path, long offset, int length) => _bad.Count > 0 && _bad.Any(item =>
        item.Path == path && item.Block * BlockBytes < offset + length && (item.Block + 1) * BlockBytes > offset);
}
