using System.Buffers.Binary;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.State;

namespace Harness.Engine.Resume;

/// <summary>
/// What a run has done so far, kept in the scratch location until its commit: after a kill the next run sends and reads none
/// of it again. Losing it costs time only. One logical thread.
/// </summary>
internal sealed class RunLog(
    IScratch scratch, Repository repository, PageStore pages, IRandomSource random, string fileName)
{
    private readonly List<KeptEntry> _pending = [];

    public static string FileOf(string sourceId) => $"{sourceId}-run";

    /// <summary>Begins an attempt; what earlier attempts noted stays.</summary>
    public async ValueTask BeginAsync(RunSection section, CancellationToken cancellationToken)
    {
        await WriteAsync(RunLogFormat.EncodeSection(section), cancellationToken);
        await scratch.FlushAsync(fileName, cancellationToken);
    }

    /// <summary>Remembers an entry whose segments are packed; it is noted with the pack that holds the last of them.</summary>
    public void Keep(KeptEntry entry) => _pending.Add(entry);

    /// <summary>How many entries are complete with the pack that is closed now.</summary>
    public int Mark() => _pending.Count;

    /// <summary>Notes a pack that is in the vault, and the entries that were complete when it was closed.</summary>
    public async ValueTask NoteAsync(IndexedPack pack, int entries, CancellationToken cancellationToken)
    {
        await pages.WriteOutAsync(cancellationToken);
        await WriteAsync(RunLogFormat.EncodeBatch([pack], _pending.Take(entries)), cancellationToken);
        _pending.RemoveRange(0, entries);
    }

    private async ValueTask WriteAsync(byte[] plaintext, CancellationToken cancellationToken)
    {
        var blob = repository.Seal(SealedType.RunLog, RunLogFormat.Context, plaintext, random);
        var frame = new byte[sizeof(int) + blob.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, blob.Length);
        blob.CopyTo(frame, sizeof(int));
        await scratch.AppendAsync(fileName, frame, cancellationToken);
    }
}
