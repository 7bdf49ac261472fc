namespace Harness.Simulator.Volume.Opening;

/// <summary>The byte-range locks of one open file, all streams. Locking never waits: it is granted or refused.</summary>
internal sealed class ByteRangeLocks
{
    private readonly List<ByteRangeLock> _locks = [];

    public void Add(ByteRangeLock wanted) => _locks.Add(wanted);

    /// <summary>
    /// Whether a lock can stand beside those there are. An exclusive one stands alone; a shared one may lie over shared ones,
    /// and over an exclusive one of the same handle ("LockFileEx function").
    /// </summary>
    public bool Grants(ByteRangeLock wanted)
    {
        foreach (var held in _locks)
        {
            if (IsSame(held, wanted.Stream) && held.Overlaps(wanted.Offset, wanted.Length)
                && (wanted.IsExclusive || (held.IsExclusive && !ReferenceEquals(held.Owner, wanted.Owner))))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Whether data can be read or written: not where another handle holds an exclusive lock, and nobody writes, not even
    /// the owner, where a shared one lies.
    /// </summary>
    /// <param name="handle">Who; null is an operation by path, which owns no locks.</param>
    /// <param name="stream">Stream.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes; 0 conflicts with nothing.</param>
    /// <param name="writes">Whether it is written.</param>
    public bool Allows(VolumeHandle? handle, string stream, long offset, long length, bool writes)
    {
        foreach (var held in _locks)
        {
            if (length > 0 && IsSame(held, stream) && held.Overlaps((ulong)offset, (ulong)length)
                && (held.IsExclusive ? !ReferenceEquals(held.Owner, handle) : writes))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Takes one lock away that is exactly this range (MS-FSA 2.1.5.9): the first exclusive one, else the last shared one.
    /// </summary>
    public bool Remove(VolumeHandle owner, string stream, ulong offset, ulong length)
    {
        var found = -1;
        for (var i = 0; i < _locks.Count && !(found >= 0 && _locks[found].IsExclusive); i++)
        {
            var held = _locks[i];
            if (held.Offset == offset && held.Length == length && ReferenceEquals(held.Owner, owner) && IsSame(held, stream))
            {
                found = i;
            }
        }

        if (found >= 0)
        {
            _locks.RemoveAt(found);
        }

        return found >= 0;
    }

    public void RemoveAll(VolumeHandle owner) => _locks.RemoveAll(held => ReferenceEquals(held.Owner, owner));

    private static bool IsSame(ByteRangeLock held, string stream) =>
        held.Stream.Equals(stream, StringComparison.OrdinalIgnoreCase);
}
