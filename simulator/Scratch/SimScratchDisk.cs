namespace Harness.Simulator.Scratch;

/// <summary>
/// A scratch location and the sectors of its disk that went bad: one that cannot be read, or one that reads otherwise than it was
/// written, the same at every read. They follow a file through its renames and end with it. One thread.
/// </summary>
/// <param name="files">The location.</param>
public sealed class SimScratchDisk(SimScratch files)
{
    private const int SectorBytes = 512;

    private readonly Dictionary<(string Name, long Sector), int?> _bad = [];

    /// <summary>The location itself.</summary>
    public SimScratch Files => files;

    /// <summary>Heals every sector, as a new disk does.</summary>
    public void Heal() => _bad.Clear();

    /// <summary>Makes one sector within a range go bad.</summary>
    internal void Spoil(string name, long offset, int count, bool flips, ulong choice)
    {
        if (count > 0)
        {
            var at = offset + (long)(choice % (ulong)count);
            _bad.TryAdd((name, at / SectorBytes), flips ? (int)((choice >> 32) % (SectorBytes * 8)) : null);
        }
    }

    /// <summary>Lets the bad sectors tell on what was read; false when one of them cannot be read.</summary>
    internal bool Read(string name, long offset, Span<byte> content)
    {
        foreach (var ((file, sector), flipped) in _bad)
        {
            var from = sector * SectorBytes;
            if (file != name || from >= offset + content.Length || from + SectorBytes <= offset)
            {
                continue;
            }

            if (flipped is not { } bit)
            {
                return false;
            }

            var at = from + (bit / 8) - offset;
            if (at >= 0 && at < content.Length)
            {
                content[(int)at] ^= (byte)(1 << (bit % 8));
            }
        }

        return true;
    }

    /// <summary>The file has another name.</summary>
    internal void Renamed(string from, string to)
    {
        Deleted(to);
        foreach (var (key, flipped) in _bad.Where(item => item.Key.Name == from).ToList())
        {
            _bad.Remove(key);
            _bad.Add((to, key.Sector), flipped);
        }
    }

    /// <summary>The file is gone, and its sectors with it.</summary>
    internal void Deleted(string name)
    {
        foreach (var (key, _) in _bad.Where(item => item.Key.Name == name).ToList())
        {
            _bad.Remove(key);
        }
    }
}
