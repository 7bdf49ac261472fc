namespace Harness.Simulator.Processes;

/// <summary>Places of streams of a source that cannot be read any more, over runs. One thread.</summary>
public sealed class SimSourceDisk
{
    private const long BlockBytes = 4096;

    private readonly HashSet<(string Path, long Block)> _bad = [];

    /// <summary>Paths with a bad place, in ordinal order.</summary>
    public IReadOnlyList<string> BadPaths => [.. _bad.Select(item => item.Path).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Heals everything.</summary>
    public void Heal() => _bad.Clear();

    internal void Spoil(string path, long offset) => _bad.Add((path, offset / BlockBytes));

    internal bool IsBad(string path, long offset, int length) => _bad.Count > 0 && _bad.Any(item =>
        item.Path == path && item.Block * BlockBytes < offset + length && (item.Block + 1) * BlockBytes > offset);
}
