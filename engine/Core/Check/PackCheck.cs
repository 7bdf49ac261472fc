using System.Runtime.CompilerServices;
using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.Check;

/// <summary>Checks every index and every pack: present, of the right length and, with data, readable to the last byte.</summary>
internal sealed class PackCheck(EngineServices services, Repository repository, IScratch scratch, Findings findings)
{
    /// <summary>Each holds a pack of memory, so that a machine of many processors does not hold many.</summary>
    private const int MostAtOnce = 6;

    private readonly Queue<(Task<PackContent> Content, ReadOnlyMemory<byte> Blob)> _underWay = new();
    private readonly Stack<byte[]> _buffers = new();
    private long _largestBytes;

    public async ValueTask<CheckedPacks> RunAsync(CheckRequest request, CancellationToken cancellationToken)
    {
        var result = new CheckedPacks(scratch, repository.Keys, services.Random);
        var lengths = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Packs, cancellationToken))
        {
            lengths[item.Name] = item.LengthBytes;
            result.Present.Add(item.Name);
        }

        var totalBytes = lengths.Values.Sum();
        _largestBytes = lengths.Count == 0 ? 0 : Math.Min(lengths.Values.Max(), FormatLimits.PackBytes);
        long done = 0;
        await foreach (var pack in IndexedAsync(result, cancellationToken))
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
            await TakeAsync(result, cancellationToken);
        }

        return result;
    }

    /// <summary>Every pack that an index names, once; one index blob is in memory at a time.</summary>
    private async IAsyncEnumerable<IndexedPack> IndexedAsync(
        CheckedPacks result, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (name, packs) in new IndexReader(repository).ReadAllAsync(findings.Add, cancellationToken))
        {
            result.Indexes.Add(name);
            foreach (var pack in packs.Where(pack => result.Indexed.Add(pack.Hash)))
            {
                yield return pack;
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
        if (!lengths.TryGetValue(name, out var length)
            && await repository.Vault.GetLengthAsync(name, cancellationToken) is { } now)
        {
            // A run beside this check has sent it since the packs were listed.
            lengths[name] = length = now;
            result.Present.Add(name);
            _largestBytes = Math.Clamp(now, _largestBytes, FormatLimits.PackBytes);
        }

        if (!lengths.ContainsKey(name))
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
                await TakeAsync(result, cancellationToken);
            }

            var content = new PackContent(repository.Keys, pack, name, blob);
            _underWay.Enqueue((services.Work.RunAsync(static content => content.Check(), content).AsTask(), blob));
            return;
        }

        foreach (var segment in pack.Segments)
        {
            await result.AddAsync(pack, segment, isGood: !findings.Has(name), cancellationToken);
        }
    }

    /// <summary>Takes the oldest pack that a worker looks at, so that findings come in the order of the index.</summary>
    private async ValueTask TakeAsync(CheckedPacks result, CancellationToken cancellationToken)
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
            await result.AddAsync(content.Pack, segment, isGood, cancellationToken);
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

            var buffer = _buffers.TryPop(out var free) && free.Length >= length ? free : GC.AllocateUninitializedArray<byte>((int)_largestBytes);
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
