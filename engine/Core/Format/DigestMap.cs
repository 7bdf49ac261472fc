namespace Harness.Engine.Format;

/// <summary>
/// Range digests of a stream, only those that are not zero: a file that is mostly hole costs what it holds. Immutable.
/// </summary>
internal sealed class DigestMap
{
    private readonly long[] _ranges;
    private readonly byte[] _digests;

    private DigestMap(long[] ranges, byte[] digests)
    {
        _ranges = ranges;
        _digests = digests;
    }

    public static DigestMap Empty { get; } = new([], []);

    public static ReadOnlySpan<byte> Zero => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Ranges that have a digest, ascending.</summary>
    public ReadOnlySpan<long> Ranges => _ranges;

    /// <summary>The digest of a range; zero where there is none.</summary>
    public ReadOnlySpan<byte> this[long range]
    {
        get
        {
            var index = Array.BinarySearch(_ranges, range);
            return index < 0 ? Zero : At(index);
        }
    }

    public ReadOnlySpan<byte> At(int index) =>
        _digests.AsSpan(index * FormatLimits.FingerprintBytes, FormatLimits.FingerprintBytes);

    /// <summary>Every range whose digest differs from the other map's, ascending.</summary>
    public IReadOnlyList<long> DifferencesFrom(DigestMap other)
    {
        var differences = new List<long>();
        int i = 0, j = 0;
        while (i < _ranges.Length || j < other._ranges.Length)
        {
            var mine = i < _ranges.Length ? _ranges[i] : long.MaxValue;
            var theirs = j < other._ranges.Length ? other._ranges[j] : long.MaxValue;
            if (mine != theirs || !At(i).SequenceEqual(other.At(j)))
            {
                differences.Add(Math.Min(mine, theirs));
            }

            i += mine <= theirs ? 1 : 0;
            j += theirs <= mine ? 1 : 0;
        }

        return differences;
    }

    /// <summary>Collects digests in ascending order of range; zero ones are left out.</summary>
    public sealed class Builder
    {
        private readonly List<long> _ranges = [];
        private readonly WireWriter _digests = new();

        public void Add(long range, ReadOnlySpan<byte> digest)
        {
            if (digest.ContainsAnyExcept((byte)0))
            {
                _ranges.Add(range);
                _digests.Raw(digest);
            }
        }

        /// <summary>Adds the digests of another map in [from, to).</summary>
        public void AddFrom(DigestMap other, long from, long to)
        {
            var index = Array.BinarySearch(other._ranges, from);
            for (index = index < 0 ? ~index : index; index < other._ranges.Length && other._ranges[index] < to; index++)
            {
                _ranges.Add(other._ranges[index]);
                _digests.Raw(other.At(index));
            }
        }

        public DigestMap Build() => _ranges.Count == 0 ? Empty : new DigestMap([.. _ranges], _digests.ToArray());
    }
}
