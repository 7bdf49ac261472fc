using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.Segments;

/// <summary>
/// The small file that says which tables of the scratch location are the segment index of a vault. Sealed, and replaced as a
/// whole, last of all. Immutable.
/// </summary>
/// <param name="NextNumber">Number of the next file.</param>
/// <param name="Tables">The newest first, each with its salt and how many segments it has.</param>
internal sealed record SegmentHead(long NextNumber, IReadOnlyList<(string Name, Hash256 Salt, long Segments)> Tables)
{
    private const int FormatVersion = 2;
    private const int MostBytes = 64 << 10;

    /// <summary>Reads the head, or null when there is none that can be used.</summary>
    public static ValueTask<SegmentHead?> TryReadAsync(
        IScratch scratch, Repository repository, string name, CancellationToken cancellationToken) =>
        FileOf(name).TryReadAsync(scratch, repository, Decode, cancellationToken);

    /// <summary>Not flushed: one that a crash spoils costs the reading of the index blobs.</summary>
    public ValueTask WriteAsync(
        IScratch scratch, Repository repository, string name, IRandomSource random, CancellationToken cancellationToken) =>
        FileOf(name).WriteAsync(scratch, repository, Encode(), random, flush: false, cancellationToken);

    private static ScratchHead FileOf(string name) => new(name, SealedType.ScratchSegments, "segments", MostBytes);

    internal byte[] Encode()
    {
        var output = new WireWriter();
        output.U8(FormatVersion);
        output.VarInt(NextNumber);
        output.VarInt((ulong)Tables.Count);
        foreach (var (name, salt, segments) in Tables)
        {
            output.Text(name);
            output.Hash(salt);
            output.VarInt(segments);
        }

        return output.ToArray();
    }

    internal static SegmentHead Decode(byte[] plaintext)
    {
        var reader = new WireReader(plaintext);
        if (reader.U8() != FormatVersion)
        {
            throw new InvalidDataException("another version");
        }

        var number = reader.Count(long.MaxValue);
        var tables = new (string Name, Hash256 Salt, long Segments)[reader.Count(reader.Remaining / Hash256.Size)];
        for (var i = 0; i < tables.Length; i++)
        {
            tables[i] = (reader.Text(), reader.Hash(), reader.Count(long.MaxValue));
        }

        reader.End();
        return new SegmentHead(number, tables);
    }
}
