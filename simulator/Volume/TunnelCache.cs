namespace Harness.Simulator.Volume;

/// <summary>
/// What a name had when it went, for the file that takes it next: a program that saves by delete and rename keeps the creation
/// time, the short name and the object id (MS-FSA 2.1.1.2, TunnelCacheList; KB 172190, "Windows NT contains file system
/// tunneling capabilities"). Bounded; the volume's thread only.
/// </summary>
internal sealed class TunnelCache(bool fold)
{
    /// <summary>MaximumTunnelEntries of a workstation.</summary>
    private const int MaxEntries = 256;

    private readonly Dictionary<(uint Directory, string Name), TunnelEntry> _entries = [];
    private readonly Queue<((uint Directory, string Name) Key, long Time)> _byAge = [];

    /// <summary>Keeps what a name had.</summary>
    public void Add(uint directory, string name, in TunnelEntry entry)
    {
        var key = (directory, KeyOf(name));
        _entries[key] = entry;
        _byAge.Enqueue((key, entry.Time));
        while (_byAge.Count > MaxEntries)
        {
            var (oldest, time) = _byAge.Dequeue();
            if (_entries.TryGetValue(oldest, out var present) && present.Time == time)
            {
                _entries.Remove(oldest);
            }
        }
    }

    /// <summary>What a name had that went no longer than so many 100 ns ago; it is handed out once.</summary>
    public TunnelEntry? Take(uint directory, ReadOnlySpan<char> name, long now, long maxAge) =>
        _entries.Count > 0 && _entries.Remove((directory, KeyOf(name)), out var entry) && now - entry.Time <= maxAge
            ? entry
            : null;

    private string KeyOf(ReadOnlySpan<char> name)
    {
        if (!fold)
        {
            return name.ToString();
        }

        var folded = new char[name.Length];
        NameStore.Fold(name, folded);
        return new string(folded);
    }
}

/// <summary>What one name had.</summary>
internal readonly record struct TunnelEntry(long Time, long Created, string? ShortName, ObjectIdBuffer? ObjectId);
