using System.Buffers.Binary;
using System.Security.Cryptography;
using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.State;

namespace Harness.Engine.Resume;

/// <summary>
/// What a run has done so far, kept in the scratch location until its commit and, every so many packs, in the vault: after a
/// kill the next run sends and reads none of it again. Losing it costs time only. Memory is bounded. One logical thread.
/// </summary>
internal sealed class RunLog(
    IScratch scratch, Repository repository, PageStore pages, CheckpointWriter checkpoints, IRandomSource random, string fileName)
{
    /// <summary>Shorter streams are noted whole or not at all: reading one again costs less than a note.</summary>
    private const long ShortStreamBytes = 4L * FormatLimits.RangeBytes;

    private const int FrameBytes = 1 << 20;
    private const int FewRegions = 32;

    private readonly WireWriter _items = new(4096);
    private readonly List<RegionBackup> _underWay = [];
    private readonly byte[] _salt = new byte[KeyRing.SaltBytes + sizeof(long)];
    private int _manyRegions = FewRegions;
    private long _count;
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

    /// <summary>Takes an entry whose segments are packed; it counts once the pack that holds the last of them is in the vault.</summary>
    public ValueTask KeepAsync(KeptEntry entry, CancellationToken cancellationToken) =>
        AddAsync(RunLogFormat.Encode(entry), entry.Pages, cancellationToken);

    /// <summary>Watches a region that is begun: with each pack, what is complete of it by then is noted.</summary>
    public async ValueTask WatchAsync(RegionBackup region, CancellationToken cancellationToken)
    {
        if (region.Stream.LengthBytes <= ShortStreamBytes)
        {
            return;
        }

        if (_underWay.Count >= _manyRegions)
        {
            // Nothing was packed for long: what is complete must not stay in memory.
            await NotePiecesAsync(cancellationToken);
            _manyRegions = Math.Max(FewRegions, _underWay.Count * 2);
        }

        _underWay.Add(region);
    }

    /// <summary>How many items are complete with the pack that is closed now.</summary>
    public async ValueTask<long> MarkAsync(CancellationToken cancellationToken)
    {
        await NotePiecesAsync(cancellationToken);
        return _count;
    }

    /// <summary>Notes a pack that is in the vault, and with it the items that were complete when it was closed.</summary>
    public async ValueTask NoteAsync(IndexedPack pack, long items, CancellationToken cancellationToken)
    {
        if (!_isOff)
        {
            try
            {
                await pages.WriteOutAsync(cancellationToken);
                await WriteItemsAsync(cancellationToken);
                await WriteAsync(RunLogFormat.EncodeBatch([pack], items), cancellationToken);
            }
            catch (BackupException)
            {
                // A run that cannot be resumed is better than none; what was noted so far stands.
                _isOff = true;
            }
        }

        await checkpoints.NoteAsync(pack, items, cancellationToken);
    }

    /// <summary>Waits for what goes on beside the run.</summary>
    public ValueTask FinishAsync() => checkpoints.FinishAsync();

    private async ValueTask NotePiecesAsync(CancellationToken cancellationToken)
    {
        var left = 0;
        for (var i = 0; i < _underWay.Count; i++)
        {
            var region = _underWay[i];
            var entry = region.Stream.Entry;
            if (entry.IsNoted || entry.ChangedWhileRead || region.Stream.IsAbandoned)
            {
                continue;
            }

            var isComplete = region.IsComplete;
            if (region.TakePiece() is { } piece)
            {
                await AddAsync(RunLogFormat.Encode(piece), [(region.Key.StreamId, piece.Pages)], cancellationToken);
            }

            if (!isComplete)
            {
                _underWay[left++] = region;
            }
        }

        _underWay.RemoveRange(left, _underWay.Count - left);
    }

    private async ValueTask AddAsync(
        byte[] item, IReadOnlyList<(uint StreamId, PageTable Pages)> pageTables, CancellationToken cancellationToken)
    {
        _count++;
        checkpoints.Add(item);
        if (_isOff)
        {
            return;
        }

        RunLogFormat.Append(_items, item, pageTables);
        if (_items.Length >= FrameBytes)
        {
            try
            {
                await WriteItemsAsync(cancellationToken);
            }
            catch (BackupException)
            {
                _isOff = true;
            }
        }
    }

    private async ValueTask WriteItemsAsync(CancellationToken cancellationToken)
    {
        if (_items.Length > 0)
        {
            byte[] plaintext = [RunLogFormat.Items, .. _items.Written];
            _items.Clear();
            await WriteAsync(plaintext, cancellationToken);
        }
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
