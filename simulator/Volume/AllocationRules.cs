using Harness.Engine.Model;

namespace Harness.Simulator.Volume;

/// <summary>
/// The one function behind allocated sizes and free space. Plain streams take whole clusters; sparse ones whole units where
/// anything was written; compressed ones, unit by unit, the clusters that the compressed content fills, never more than
/// plain; small data lies in the file record and takes nothing.
/// </summary>
/// <remarks>
/// Literal bytes count as incompressible. The file records themselves are not charged, as NTFS still creates empty files
/// on a full volume.
/// </remarks>
/// <param name="settings">Cluster and unit size.</param>
/// <param name="profiles">The volume's content profiles.</param>
internal sealed class AllocationRules(VolumeSettings settings, ProfileTable profiles)
{
    /// <summary>Data up to this size is kept in the file record (of 1 KiB, less its other attributes).</summary>
    public const int ResidentBytes = 700;

    /// <summary>Only NTFS keeps small data in the file record.</summary>
    private readonly bool _hasResident = settings.FileSystem == FileSystemKind.Ntfs;

    /// <summary>Clusters of a whole stream, in bytes.</summary>
    public long Allocated(long size, StreamFlags flags, ExtentMap extents) =>
        IsResident(size, flags) ? 0 : AllocatedWithin(size, flags, extents, 0, size);

    /// <summary>Clusters of a stream that is neither sparse nor compressed: its extents do not matter.</summary>
    public long AllocatedPlain(long size, StreamFlags flags) => IsResident(size, flags) ? 0 : RoundUp(size, settings.ClusterBytes);

    /// <summary>
    /// The new allocated size after the range was changed, from the old one: only the units that the range touches are
    /// looked at.
    /// </summary>
    public long AfterChange(StreamState before, long size, ExtentMap extents, long from, long to)
    {
        if (IsResident(before.Size, before.Flags) || IsResident(size, before.Flags))
        {
            return Allocated(size, before.Flags, extents);
        }

        // The last unit of either version depends on the size, so a changed size widens the range to it.
        long unit = settings.UnitBytes;
        from = size == before.Size ? from : Math.Min(from, Math.Max(Math.Min(size, before.Size) - 1, 0));
        to = size == before.Size ? to : Math.Max(size, before.Size);
        from = from / unit * unit;
        to = RoundUp(to, unit);
        return before.AllocatedBytes
            - AllocatedWithin(before.Size, before.Flags, before.Extents, from, to)
            + AllocatedWithin(size, before.Flags, extents, from, to);
    }

    public bool IsResident(long size, StreamFlags flags) =>
        size == 0 || (_hasResident && size <= ResidentBytes && (flags & (StreamFlags.Sparse | StreamFlags.Encrypted)) == StreamFlags.None);

    public static long RoundUp(long value, long unit) => (value + unit - 1) / unit * unit;

    private long AllocatedWithin(long size, StreamFlags flags, ExtentMap extents, long from, long to)
    {
        to = Math.Min(to, size);
        if (from >= to)
        {
            return 0;
        }

        if ((flags & (StreamFlags.Sparse | StreamFlags.Compressed)) == StreamFlags.None)
        {
            return RoundUp(to, settings.ClusterBytes) - from;
        }

        var tally = new UnitTally(settings, (flags & StreamFlags.Compressed) != StreamFlags.None);
        foreach (var extent in extents.Slice(from, to))
        {
            tally.Add(extent.Length, extent.Kind == ExtentKind.Hole, Permille(extent));
        }

        return tally.Finish();
    }

    private int Permille(in Extent extent) => extent.Kind switch
    {
        ExtentKind.Literal => 1000,
        ExtentKind.Generated => profiles.Get(extent.ProfileId).CompressedPermille,
        _ => 0,
    };

    /// <summary>Adds up units; a run of whole units within one extent is counted in one step, so huge files cost nothing.</summary>
    private struct UnitTally(VolumeSettings settings, bool compressed)
    {
        private long _total;
        private long _filled;
        private bool _touched;
        private long _weight;

        public void Add(long length, bool isHole, int permille)
        {
            long unit = compressed ? settings.UnitBytes : settings.HoleUnitBytes;
            while (length > 0)
            {
                if (_filled == 0 && length >= unit)
                {
                    var units = length / unit;
                    _total += units * Cost(unit, !isHole, unit * permille);
                    length -= units * unit;
                    continue;
                }

                var take = Math.Min(length, unit - _filled);
                _filled += take;
                _touched |= !isHole;
                _weight += take * permille;
                length -= take;
                if (_filled == unit)
                {
                    Flush();
                }
            }
        }

        public long Finish()
        {
            Flush();
            return _total;
        }

        private void Flush()
        {
            _total += Cost(_filled, _touched, _weight);
            _filled = 0;
            _touched = false;
            _weight = 0;
        }

        private readonly long Cost(long filled, bool touched, long weight)
        {
            var plain = RoundUp(filled, settings.ClusterBytes);
            return !touched ? 0
                : compressed ? Math.Min(plain, RoundUp((weight + 999) / 1000, settings.ClusterBytes))
                : plain;
        }
    }
}
