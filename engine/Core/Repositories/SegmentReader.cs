using System.Security.Cryptography;
using Harness.Engine.Errors;
using Harness.Engine.Format;

namespace Harness.Engine.Repositories;

/// <summary>
/// Fetches segments by id: reads ahead within a pack, and keeps what was read and decoded last. Every segment is
/// authenticated and re-hashed. One logical thread.
/// </summary>
internal sealed class SegmentReader(Repository repository, SegmentIndex index, int readAheadBytes) : IDisposable
{
    private const int WindowCount = 8;
    private const int SegmentCount = 32;

    private readonly LinkedList<Window> _windows = [];
    private readonly LinkedList<Decoded> _decoded = [];
    private readonly Dictionary<Hash256, LinkedListNode<Decoded>> _byId = [];
    private readonly Dictionary<Hash256, PackReader> _packs = [];

    /// <summary>The plain bytes of a segment, valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Hash256 id, CancellationToken cancellationToken)
    {
        if (_byId.TryGetValue(id, out var node))
        {
            _decoded.Remove(node);
            _decoded.AddFirst(node);
            return node.Value.Bytes;
        }

        var location = index.Find(id) ?? throw new BackupException(
            ErrorCode.VaultBlobMissing,
            $"Segment {id} is in no index of the vault.",
            "Run 'check' to see which recovery points suffer; restore the others.");
        var raw = await ReadAnyAsync(location, cancellationToken);
        Remember(id, raw);
        return raw;
    }

    public void Dispose()
    {
        foreach (var pack in _packs.Values)
        {
            pack.Dispose();
        }
    }

    /// <summary>Reads the first place, or where that is damaged a copy; the first place's error when none is intact.</summary>
    private async ValueTask<byte[]> ReadAnyAsync(SegmentLocation first, CancellationToken cancellationToken)
    {
        try
        {
            return Decode(first, await WindowOfAsync(first, cancellationToken));
        }
        catch (BackupException error) when (IsDamage(error))
        {
            foreach (var copy in index.CopiesOf(first.Record.Id))
            {
                try
                {
                    return Decode(copy, await WindowOfAsync(copy, cancellationToken));
                }
                catch (BackupException other) when (IsDamage(other))
                {
                    // The next copy may be intact.
                }
            }

            throw;
        }
    }

    private static bool IsDamage(BackupException error) =>
        error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing;

    private byte[] Decode(SegmentLocation location, Window window)
    {
        var name = BlobNames.Pack(location.Pack.Hash);
        var start = location.Record.Offset - window.Offset;
        var stored = (int)location.Record.StoredBytes;
        if (start + stored > window.Length)
        {
            throw Damage.In(name, "it is shorter than the index says");
        }

        if (!_packs.TryGetValue(location.Pack.Hash, out var reader))
        {
            _packs[location.Pack.Hash] = reader = new PackReader(repository.Keys, location.Pack.Salt);
        }

        try
        {
            var raw = new byte[location.Record.RawBytes];
            reader.Read(location.Record, window.Bytes.AsSpan((int)start, stored), raw);
            return raw;
        }
        catch (Exception error) when (error is InvalidDataException or AuthenticationTagMismatchException)
        {
            throw Damage.In(name, $"segment {location.Record.Ordinal} cannot be read ({error.Message})", error);
        }
    }

    private async ValueTask<Window> WindowOfAsync(SegmentLocation location, CancellationToken cancellationToken)
    {
        for (var node = _windows.First; node is not null; node = node.Next)
        {
            var window = node.Value;
            if (window.Pack == location.Pack.Hash && location.Record.Offset >= window.Offset
                && (long)location.Record.Offset + location.Record.StoredBytes <= window.Offset + window.Length)
            {
                _windows.Remove(node);
                _windows.AddFirst(node);
                return window;
            }
        }

        var wanted = Math.Max(location.Record.StoredBytes, readAheadBytes);
        var length = (int)Math.Min(wanted, location.Pack.LengthBytes - location.Record.Offset);
        var bytes = new byte[length];
        var read = await repository.Vault.ReadRangeAsync(
            BlobNames.Pack(location.Pack.Hash), location.Record.Offset, bytes, cancellationToken);
        var added = new Window(location.Pack.Hash, location.Record.Offset, read, bytes);
        _windows.AddFirst(added);
        if (_windows.Count > WindowCount)
        {
            _windows.RemoveLast();
        }

        return added;
    }

    private void Remember(Hash256 id, byte[] raw)
    {
        _byId[id] = _decoded.AddFirst(new Decoded(id, raw));
        if (_decoded.Count > SegmentCount)
        {
            _byId.Remove(_decoded.Last!.Value.Id);
            _decoded.RemoveLast();
        }
    }

    private sealed record Window(Hash256 Pack, long Offset, int Length, byte[] Bytes);

    private sealed record Decoded(Hash256 Id, byte[] Bytes);
}
