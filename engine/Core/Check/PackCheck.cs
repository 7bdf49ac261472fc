using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;
using Harness.Engine.Segments;

namespace Harness.Engine.Check;

/// <summary>What the check of packs found: where every segment is, and which of them can be read.</summary>
internal sealed class CheckedPacks
{
    private readonly Dictionary<Hash256, SegmentLocation> _good = [];
    private readonly Dictionary<Hash256, string> _bad = [];

    public long Count { get; set; }

    public long SegmentsRead { get; set; }

    /// <summary>Every index blob with the packs that it names.</summary>
    public Dictionary<string, IReadOnlyList<IndexedPack>> Indexes { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of all packs in the vault.</summary>
    public HashSet<string> Present { get; } = new(StringComparer.Ordinal);

    public void AddGood(IndexedPack pack, SegmentRecord segment) => _good[segment.Id] = new SegmentLocation(pack, segment);

    public void AddBad(string blob, Hash256 segment) => _bad.TryAdd(segment, blob);

    public SegmentLocation? FindGood(Hash256 segment) => _good.TryGetValue(segment, out var location) ? location : null;

    /// <summary>The blob to blame for a segment that cannot be read; null when no index knows the segment.</summary>
    public string? BlameFor(Hash256 segment) => _bad.GetValueOrDefault(segment);
}

/// <summary>Checks every index and every pack: present, of the right length and, with data, readable to the last byte.</summary>
internal sealed class PackCheck(EngineServices services, Repository repository, Findings findings)
{
    /// <summary>Each holds a pack of memory, so that a machine of many processors does not hold many.</summary>
    private const int MostAtOnce = 6;

    private readonly Queue<(Task<PackContent> Content, ReadOnlyMemory<byte> Blob)> _underWay = new();
    private readonly Stack<byte[]> _buffers = new();
    private long _largestBytes;

    public async ValueTask<CheckedPacks> RunAsync(CheckRequest request, CancellationToken cancellationToken)
    {
        var result = new CheckedPacks();
        var lengths = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Packs, cancellationToken))
        {
            lengths[item.Name] = item.LengthBytes;
            result.Present.Add(item.Name);
        }

        await ReadIndexesAsync(result, cancellationToken);
        var packs = result.Indexes.Values.SelectMany(packs => packs).DistinctBy(pack => pack.Hash).ToList();
        var totalBytes = packs.Sum(pack => (long)pack.LengthBytes);
        _largestBytes = packs.Count == 0 ? 0 : Math.Min(packs.Max(pack => (long)pack.LengthBytes), FormatLimits.PackBytes);
        long done = 0;
        foreach (var pack in packs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            result.Count++;
            var readData = (request.ReadData || request.Subset is not null)
                && request.Subset?.Includes(pack.Hash.FirstByte) != false;
            await CheckAsync(pack, lengths, readData, result, cancellationToken);
            services.Progress.Advance(done += pack.LengthBytes, totalBytes, result.Count);
        }

        while (_underWay.Count > 0)
        {
            await TakeAsync(result);
        }

        return result;
    }

    private async ValueTask ReadIndexesAsync(CheckedPacks result, CancellationToken cancellationToken)
    {
        var reader = new IndexReader(repository);
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Indexes, cancellationToken))
        {
            try
            {
                result.Indexes[item.Name] = await reader.ReadAsync(item.Name, cancellationToken);
            }
            catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
            {
                findings.Add(item.Name, error);
            }
        }
    }

    private async ValueTask CheckAsync(
        IndexedPack pack,
        Dictionary<string, long> lengths,
        bool readData,
        CheckedPacks result,
        CancellationToken cancellationToken)
    {
        var name = BlobNames.Pack(pack.Hash);
        if (!lengths.TryGetValue(name, out var length))
        {
            findings.Add(name, ErrorCode.VaultBlobMissing, $"Pack '{name}' is not in the vault.");
        }
        else if (length != pack.LengthBytes)
        {
            findings.Add(
                name, ErrorCode.VaultBlobDamaged, $"Pack '{name}' has {length} bytes where the index says {pack.LengthBytes}.");
        }

        if (readData && length > 0 && await ReadAsync(pack, name, length, cancellationToken) is { } blob)
        {
            while (_underWay.Count >= Math.Min(services.Work.Width, MostAtOnce))
            {
                await TakeAsync(result);
            }

            var content = new PackContent(repository.Keys, pack, name, blob);
            _underWay.Enqueue((services.Work.RunAsync(static content => content.Check(), content).AsTask(), blob));
            return;
        }

        foreach (var segment in pack.Segments)
        {
            Add(pack, segment, isGood: !findings.Has(name), result);
        }
    }

    /// <summary>Takes the oldest pack that a worker looks at, so that findings come in the order of the index.</summary>
    private async ValueTask TakeAsync(CheckedPacks result)
    {
        var (task, blob) = _underWay.Dequeue();
        var content = await task;
        Return(blob);
        if (content.Problem is { } problem)
        {
            findings.Add(content.Name, ErrorCode.VaultBlobDamaged, problem);
        }

        foreach (var segment in content.Pack.Segments)
        {
            var isGood = content.IsReadable(segment);
            result.SegmentsRead += isGood ? 1 : 0;
            Add(content.Pack, segment, isGood, result);
        }
    }

    private static void Add(IndexedPack pack, SegmentRecord segment, bool isGood, CheckedPacks result)
    {
        if (isGood)
        {
            result.AddGood(pack, segment);
        }
        else
        {
            result.AddBad(BlobNames.Pack(pack.Hash), segment.Id);
        }
    }

    /// <summary>All bytes of a pack, in a buffer that goes round where its length is as expected; null when it cannot be read.</summary>
    private async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(
        IndexedPack pack, string name, long length, CancellationToken cancellationToken)
    {
        try
        {
            if (length != pack.LengthBytes || length > FormatLimits.PackBytes)
            {
                return await repository.Vault.ReadAsync(name, FormatLimits.PackBytes, cancellationToken);
            }

            var buffer = _buffers.TryPop(out var free) && free.Length >= length ? free : new byte[_largestBytes];
            var read = await repository.Vault.ReadRangeAsync(name, 0, buffer.AsMemory(0, (int)length), cancellationToken);
            return buffer.AsMemory(0, read);
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
        {
            findings.Add(name, error);
            return null;
        }
    }

    private void Return(ReadOnlyMemory<byte> blob)
    {
        if (System.Runtime.InteropServices.MemoryMarshal.TryGetArray(blob, out var array))
        {
            _buffers.Push(array.Array!);
        }
    }
}
