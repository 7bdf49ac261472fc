using System.Buffers.Binary;
using System.Security.Cryptography;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
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
    private readonly byte[] _salt = new byte[KeyRing.SaltBytes + sizeof(long)];
    private long _frames;
    private bool _isOff;

    public static string FileOf(string sourceId) => $"{sourceId}-run";

    /// <summary>Begins an attempt; what earlier attempts noted stays.</summary>
    public async ValueTask BeginAsync(RunSection section, CancellationToken cancellationToken)
    {
        random.Fill(_salt.AsSpan(0, KeyRing.SaltBytes));
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
        if (!_isOff)
        {
            try
            {
                await pages.WriteOutAsync(cancellationToken);
                await WriteAsync(RunLogFormat.EncodeBatch([pack], _pending.Take(entries)), cancellationToken);
            }
            catch (BackupException)
            {
                // A run that cannot be resumed is better than none; what was noted so far stands.
                _isOff = true;
            }
        }

        _pending.RemoveRange(0, entries);
    }

    private async ValueTask WriteAsync(byte[] plaintext, CancellationToken cancellationToken)
    {
        // When an upload ends is not the run's to say, so frames draw no randomness: the order of draws stays that of the run.
        BinaryPrimitives.WriteInt64LittleEndian(_salt.AsSpan(KeyRing.SaltBytes), _frames++);
        var blob = SealedBlob.Seal(repository.Keys, SealedType.RunLog, RunLogFormat.Context, plaintext, SHA256.HashData(_salt));
        var frame = new byte[sizeof(int) + blob.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, blob.Length);
        blob.CopyTo(frame, sizeof(int));
        await scratch.AppendAsync(fileName, frame, cancellationToken);
    }
}
