using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.State;

/// <summary>
/// The small file that says which files of the scratch location make the state of a source, and of which recovery point. It
/// is sealed like a vault blob and replaced as a whole, last of all. Immutable.
/// </summary>
/// <param name="Sequence">The recovery point.</param>
/// <param name="CommitHash">Hash of its commit.</param>
/// <param name="NextNumber">Number of the next file.</param>
/// <param name="Tables">State tables, the newest first, each with its salt: a file of another time does not pass for one.</param>
/// <param name="PagesFile">The file of page fingerprints.</param>
/// <param name="FingerprintBytes">How much of that file is in use.</param>
internal sealed record StateHead(
    long Sequence, Hash256 CommitHash, long NextNumber, IReadOnlyList<StateTable> Tables, string PagesFile, long FingerprintBytes)
{
    private const int FormatVersion = 3;
    private const int MostBytes = 1 << 20;

    /// <summary>Reads the head, or null when there is none that can be used.</summary>
    public static ValueTask<StateHead?> TryReadAsync(
        IScratch scratch, Repository repository, string sourceId, CancellationToken cancellationToken) =>
        SealedAs(sourceId).TryReadAsync(scratch, repository, Decode, cancellationToken);

    public ValueTask WriteAsync(
        IScratch scratch, Repository repository, string sourceId, IRandomSource random, CancellationToken cancellationToken) =>
        SealedAs(sourceId).WriteAsync(scratch, repository, Encode(), random, flush: true, cancellationToken);

    /// <summary>Makes the scratch location forget the state.</summary>
    public static ValueTask DeleteAsync(IScratch scratch, string sourceId, CancellationToken cancellationToken) =>
        scratch.DeleteAsync(FileOf(sourceId), cancellationToken);

    public static string FileOf(string sourceId) => $"{sourceId}-state";

    private static ScratchHead SealedAs(string sourceId) => new(FileOf(sourceId), SealedType.ScratchState, "scratch", MostBytes);

    internal byte[] Encode()
    {
        var output = new WireWriter();
        output.U8(FormatVersion);
        output.VarInt(Sequence);
        output.Hash(CommitHash);
        output.VarInt(NextNumber);
        output.VarInt((ulong)Tables.Count);
        foreach (var (name, salt) in Tables)
        {
            output.Text(name);
            output.Hash(salt);
        }

        output.Text(PagesFile);
        output.VarInt(FingerprintBytes);
        return output.ToArray();
    }

    internal static StateHead Decode(byte[] plaintext)
    {
        var reader = new WireReader(plaintext);
        if (reader.U8() != FormatVersion)
        {
            throw new InvalidDataException("another version");
        }

        var sequence = reader.Count(long.MaxValue);
        var hash = reader.Hash();
        var number = reader.Count(long.MaxValue);
        var tables = new StateTable[reader.Count(reader.Remaining / Hash256.Size)];
        for (var i = 0; i < tables.Length; i++)
        {
            tables[i] = new StateTable(reader.Text(), reader.Hash());
        }

        var head = new StateHead(sequence, hash, number, tables, reader.Text(), reader.Count(long.MaxValue));
        reader.End();
        return head;
    }
}

/// <summary>A state table as the head names it.</summary>
internal sealed record StateTable(string Name, Hash256 Salt);
