using Harness.Simulator.Content;

namespace Harness.Simulator.Volume;

/// <summary>What a range of a stream consists of.</summary>
public enum ExtentKind : byte
{
    /// <summary>Not allocated; reads as zeros. Only sparse streams have holes.</summary>
    Hole = 0,

    /// <summary>Written zeros.</summary>
    Zero = 1,

    /// <summary>Bytes of a generator.</summary>
    Generated = 2,

    /// <summary>Bytes that somebody wrote.</summary>
    Literal = 3,
}

/// <summary>
/// A range of a stream and where its bytes come from. Two generated extents of equal profile, seed, base and length hold
/// equal bytes, so content can be compared without being read.
/// </summary>
/// <param name="Offset">First byte in the stream.</param>
/// <param name="Length">Bytes, more than 0.</param>
/// <param name="Kind">Where the bytes come from.</param>
/// <param name="Profile">Generator of a generated extent.</param>
/// <param name="Seed">Seed of a generated extent.</param>
/// <param name="Base">Offset in the generator's stream that belongs to <paramref name="Offset"/>.</param>
/// <param name="Literal">The bytes of a literal extent.</param>
public readonly record struct StreamExtent(
    long Offset,
    long Length,
    ExtentKind Kind,
    ContentProfile Profile,
    ulong Seed,
    long Base,
    ReadOnlyMemory<byte> Literal);
