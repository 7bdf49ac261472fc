using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.Backup;

/// <summary>Which stream a page table belongs to.</summary>
internal readonly record struct StreamKey(ulong FileReference, string StreamName);

/// <summary>
/// What the scratch location remembers of the last recovery point of one source: its state and where its page fingerprints
/// are. Sealed like a vault blob, so a damaged or foreign file is noticed and rebuilt. Replaced as a whole after a commit.
/// </summary>
internal sealed record ScratchState(
    long Sequence, Hash256 CommitHash, RecordState Records, IReadOnlyDictionary<StreamKey, PageTable> Pages, string PagesFile)
{
    private const string Context = "scratch";
    private const int FormatVersion = 1;

    /// <summary>Reads the state, or null when there is none that can be used.</summary>
    public static async ValueTask<ScratchState?> TryReadAsync(
        IScratch scratch, Repository repository, string sourceId, CancellationToken cancellationToken)
    {
        var name = FileOf(sourceId);
        if (await scratch.GetLengthAsync(name, cancellationToken) is not { } length || length > Array.MaxLength)
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
            return Decode(SealedBlob.Open(repository.Keys, SealedType.ScratchState, Context, blob, name));
        }
        catch (Exception error) when (error is InvalidDataException or BackupException { Code: ErrorCode.VaultBlobDamaged })
        {
            return null;
        }
    }

    public async ValueTask WriteAsync(
        IScratch scratch, Repository repository, string sourceId, IRandomSource random, CancellationToken cancellationToken)
    {
        var name = FileOf(sourceId);
        var fresh = name + ".new";
        await scratch.DeleteAsync(fresh, cancellationToken);
        await scratch.AppendAsync(fresh, repository.Seal(SealedType.ScratchState, Context, Encode(), random), cancellationToken);
        await scratch.FlushAsync(fresh, cancellationToken);
        await scratch.RenameAsync(fresh, name, cancellationToken);
    }

    public static string PagesFileOf(string sourceId, long generation) => $"{sourceId}-pages-{generation}";

    public static string PagesPrefixOf(string sourceId) => $"{sourceId}-pages-";

    private static string FileOf(string sourceId) => $"{sourceId}-state";

    private byte[] Encode()
    {
        var output = new WireWriter(1 << 16);
        output.U8(FormatVersion);
        output.VarInt(Sequence);
        output.Hash(CommitHash);
        output.Text(PagesFile);
        output.VarInt((ulong)Records.Records.Count);
        foreach (var record in Records.Records)
        {
            output.U8(record.Key.Space);
            output.U64(record.Key.Id);
            output.Bytes(record.Payload);
        }

        output.VarInt((ulong)Pages.Count);
        foreach (var (key, table) in Pages)
        {
            output.U64(key.FileReference);
            output.Text(key.StreamName);
            table.Encode(output);
        }

        return output.ToArray();
    }

    private static ScratchState Decode(byte[] plaintext)
    {
        var reader = new WireReader(plaintext);
        if (reader.U8() != FormatVersion)
        {
            throw new InvalidDataException("another version");
        }

        var sequence = reader.Count(long.MaxValue);
        var hash = reader.Hash();
        var pagesFile = reader.Text();
        var records = new KeyedRecord[reader.Count(reader.Remaining / 10)];
        for (var i = 0; i < records.Length; i++)
        {
            var key = new RecordKey(reader.U8(), reader.U64());
            records[i] = new KeyedRecord(key, reader.Bytes(FormatLimits.SealedBlobBytes).ToArray());
        }

        var pages = new Dictionary<StreamKey, PageTable>();
        for (var count = reader.Count(reader.Remaining / 10); count > 0; count--)
        {
            var key = new StreamKey(reader.U64(), reader.Text());
            pages[key] = PageTable.Decode(ref reader);
        }

        reader.End();
        return new ScratchState(sequence, hash, new RecordState(records), pages, pagesFile);
    }
}
