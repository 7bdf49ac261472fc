using Harness.Engine.Errors;
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
    private const string Context = "segments";
    private const int FormatVersion = 1;
    private const int MostBytes = 64 << 10;

    /// <summary>Reads the head, or null when there is none that can be used.</summary>
    public static async ValueTask<SegmentHead?> TryReadAsync(
        IScratch scratch, Repository repository, string name, CancellationToken cancellationToken)
    {
        if (await scratch.GetLengthAsync(name, cancellationToken) is not { } length || length > MostBytes)
        {
            return null;
        }

        var blob = new byte[length];
        if (await scratch.ReadAsync(name, 0, blob, cancellationToken) != blob.Length)
        {
            return null;
        }

        try
        {
            return Decode(SealedBlob.Open(repository.Keys, SealedType.ScratchSegments, Context, blob, name));
        }
        catch (Exception error) when (error is InvalidDataException or BackupException { Code: ErrorCode.VaultBlobDamaged })
        {
            return null;
        }
    }

    public async ValueTask WriteAsync(
        IScratch scratch, Repository repository, string name, IRandomSource random, CancellationToken cancellationToken)
    {
        var fresh = name + ".new";
        await scratch.DeleteAsync(fresh, cancellationToken);
        await scratch.AppendAsync(fresh, repository.Seal(SealedType.ScratchSegments, Context, Encode(), random), cancellationToken);
        await scratch.RenameAsync(fresh, name, cancellationToken);
    }

    private byte[] Encode()
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

    private static SegmentHead Decode(byte[] plaintext)
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
