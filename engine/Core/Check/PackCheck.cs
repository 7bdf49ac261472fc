using System.Security.Cryptography;
using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;

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
    private readonly byte[] _raw = new byte[FormatLimits.RangeBytes];

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

        return result;
    }

    private async ValueTask ReadIndexesAsync(CheckedPacks result, CancellationToken cancellationToken)
    {
        var reader = new IndexReader(repository, scratch: null);
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

        var blob = readData && length > 0 ? await ReadAsync(name, cancellationToken) : null;
        if (blob is not null)
        {
            CheckContent(pack, name, blob, result);
            return;
        }

        foreach (var segment in pack.Segments)
        {
            if (findings.Has(name))
            {
                result.AddBad(name, segment.Id);
            }
            else
            {
                result.AddGood(pack, segment);
            }
        }
    }

    private async ValueTask<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await repository.Vault.ReadAsync(name, FormatLimits.PackBytes, cancellationToken);
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
        {
            findings.Add(name, error);
            return null;
        }
    }

    private void CheckContent(IndexedPack pack, string name, byte[] blob, CheckedPacks result)
    {
        if (Hash256.Of(blob) != pack.Hash)
        {
            findings.Add(name, ErrorCode.VaultBlobDamaged, $"The bytes of pack '{name}' do not hash to its name.");
        }

        using var reader = new PackReader(repository.Keys, pack.Salt);
        CheckFooter(reader, pack, name, blob);
        foreach (var segment in pack.Segments)
        {
            try
            {
                if ((long)segment.Offset + segment.StoredBytes > blob.Length)
                {
                    throw new InvalidDataException("it lies beyond the end");
                }

                reader.Read(
                    segment, blob.AsSpan((int)segment.Offset, (int)segment.StoredBytes), _raw.AsSpan(0, (int)segment.RawBytes));
                result.SegmentsRead++;
                result.AddGood(pack, segment);
            }
            catch (Exception error) when (error is InvalidDataException or AuthenticationTagMismatchException)
            {
                findings.Add(
                    name, ErrorCode.VaultBlobDamaged, $"Segment {segment.Ordinal} of pack '{name}' cannot be read: {error.Message}.");
                result.AddBad(name, segment.Id);
            }
        }
    }

    private void CheckFooter(PackReader reader, IndexedPack pack, string name, byte[] blob)
    {
        try
        {
            using var own = PackReader.FromHeader(repository.Keys, blob);
            var footer = reader.ReadFooter(blob);
            if (!footer.SequenceEqual(pack.Segments.OrderBy(segment => segment.Ordinal)))
            {
                findings.Add(name, ErrorCode.VaultBlobDamaged, $"The footer of pack '{name}' and the index differ.");
            }
        }
        catch (Exception error) when (error is InvalidDataException or AuthenticationTagMismatchException)
        {
            findings.Add(name, ErrorCode.VaultBlobDamaged, $"The footer of pack '{name}' cannot be read: {error.Message}.");
        }
    }
}
