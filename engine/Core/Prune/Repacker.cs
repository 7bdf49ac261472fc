using System.Security.Cryptography;
using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.Segments;

namespace Harness.Engine.Prune;

/// <summary>
/// Copies the used segments of packs into new packs, so that the old ones can be condemned. A pack counts as moved only when
/// each of its used segments was read back, here or at its other place, and every copy is in the vault and in an index. Memory is bounded by
/// two packs and 40 bytes of each segment copied. Logical thread only.
/// </summary>
internal sealed class Repacker(
    Repository repository, EngineServices services, IScratch scratch, VaultSurvey survey, PlaceChoice choice) : IDisposable
{
    private readonly RepackList _list = new(scratch, repository.Keys, services.Random);
    private readonly IndexWriter _index = new(repository, services.Random, index: null);
    private readonly HashSet<Hash256> _written = [];
    private readonly byte[] _raw = new byte[FormatLimits.RangeBytes];
    private readonly byte[] _encoded = new byte[FormatLimits.RangeBytes];
    private PackBuilder? _pack;

    /// <summary>Bytes of packs written.</summary>
    public long WrittenBytes { get; private set; }

    /// <summary>Moves what it can; returns the packs that are moved.</summary>
    public async ValueTask<IReadOnlyList<Hash256>> RunAsync(IReadOnlySet<Hash256> candidates, CancellationToken cancellationToken)
    {
        if (candidates.Count == 0)
        {
            return [];
        }

        await foreach (var (_, places) in survey.Segments.WithPlacesAsync(cancellationToken))
        {
            foreach (var place in places.Where(place => candidates.Contains(place.Pack.Hash)))
            {
                await _list.AddAsync(place, choice.Of(places), cancellationToken);
            }
        }

        var moved = new List<Hash256>();
        await foreach (var (hash, segments) in _list.PacksAsync(cancellationToken))
        {
            if (await MoveAsync(survey.Segments.Packs[hash], segments, candidates, cancellationToken))
            {
                moved.Add(hash);
            }
        }

        await FlushAsync(cancellationToken);
        await _index.FlushAsync(cancellationToken);
        return moved;
    }

    public void Dispose()
    {
        _list.Dispose();
        _pack?.Dispose();
    }

    private async ValueTask<bool> MoveAsync(
        PackInfo pack,
        IReadOnlyList<(SegmentRecord Segment, Hash256 Pack, SegmentRecord Chosen)> segments,
        IReadOnlySet<Hash256> candidates,
        CancellationToken cancellationToken)
    {
        byte[]? blob = null;
        foreach (var (segment, chosenPack, chosen) in segments)
        {
            if (_written.Contains(segment.Id) || (chosenPack != default && chosenPack != pack.Hash && !candidates.Contains(chosenPack)
                && await IsGoodAsync(new SegmentLocation(survey.Segments.Packs[chosenPack], chosen), cancellationToken)))
            {
                continue;
            }

            blob ??= await TryReadAsync(BlobNames.Pack(pack.Hash), cancellationToken);
            if (blob is null || !TryDecode(pack, segment, blob.AsSpan(
                (int)Math.Min(segment.Offset, blob.Length), (int)Math.Min(segment.StoredBytes, blob.Length - Math.Min(segment.Offset, blob.Length)))))
            {
                return false;
            }

            await AddAsync(segment, cancellationToken);
        }

        return true;
    }

    private async ValueTask<bool> IsGoodAsync(SegmentLocation place, CancellationToken cancellationToken)
    {
        var stored = new byte[place.Record.StoredBytes];
        try
        {
            var read = await repository.Vault.ReadRangeAsync(
                BlobNames.Pack(place.Pack.Hash), place.Record.Offset, stored, cancellationToken);
            return read == stored.Length && TryDecode(place.Pack, place.Record, stored);
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobMissing or ErrorCode.VaultBlobDamaged)
        {
            return false;
        }
    }

    private async ValueTask<byte[]?> TryReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await repository.Vault.ReadAsync(name, FormatLimits.PackBytes, cancellationToken);
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobMissing or ErrorCode.VaultBlobDamaged)
        {
            return null;
        }
    }

    private bool TryDecode(PackInfo pack, SegmentRecord segment, ReadOnlySpan<byte> stored)
    {
        using var reader = new PackReader(repository.Keys, pack.Salt);
        try
        {
            reader.Read(segment, stored, _raw.AsSpan(0, (int)segment.RawBytes));
            return true;
        }
        catch (Exception error) when (error is InvalidDataException or AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private async ValueTask AddAsync(SegmentRecord segment, CancellationToken cancellationToken)
    {
        if (_pack is null)
        {
            var salt = new byte[KeyRing.SaltBytes];
            services.Random.Fill(salt);
            _pack = new PackBuilder(repository.Keys, salt, repository.Document.PackBytes);
        }

        var raw = _raw.AsMemory(0, (int)segment.RawBytes);
        var (codec, length) = SegmentCodec.Encode(raw.Span, _encoded);
        var encoded = codec == SegmentCodec.Stored ? raw : _encoded.AsMemory(0, length);
        _pack.Add(segment.Id, segment.Type, codec, encoded.Span, raw.Length);
        _written.Add(segment.Id);
        if (_pack.Length >= repository.Document.PackBytes || _pack.Segments.Count >= IndexDocument.MaxSegments / 2)
        {
            await FlushAsync(cancellationToken);
        }
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_pack is null)
        {
            return;
        }

        using var pack = _pack;
        _pack = null;
        var blob = pack.Seal();
        var hash = PackName.Of(blob.Span);
        await repository.CreateByHashAsync(BlobNames.Pack(hash), blob, cancellationToken);
        await _index.AddAsync(new IndexedPack(hash, pack.Salt, (uint)blob.Length, pack.Segments), cancellationToken);
        WrittenBytes += blob.Length;
    }
}
