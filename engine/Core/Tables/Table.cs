using System.Buffers.Binary;
using System.Security.Cryptography;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;

namespace Harness.Engine.Tables;

/// <summary>
/// An immutable sorted table in the scratch location. Opening it reads two blocks, finding a key two or three, whatever its
/// size. What does not authenticate throws <see cref="TableDamagedException"/>. One logical thread.
/// </summary>
internal sealed class Table : IDisposable
{
    private readonly IScratch _scratch;
    private readonly TableCache _cache;
    private readonly AesGcm _cipher;
    private readonly byte[] _associated = new byte[TableFormat.HeaderBytes + 5];
    private BlockPlace _root;

    private Table(IScratch scratch, TableCache cache, string name, AesGcm cipher, long lengthBytes)
    {
        _scratch = scratch;
        _cache = cache;
        Name = name;
        _cipher = cipher;
        LengthBytes = lengthBytes;
    }

    public string Name { get; }

    /// <summary>Records, deleted ones included.</summary>
    public long Records { get; private set; }

    /// <summary>Bytes of keys and payloads.</summary>
    public long RecordBytes { get; private set; }

    /// <summary>The random bytes that its key comes from: no other table of that name has them.</summary>
    public Hash256 Salt { get; private set; }

    /// <summary>Length of the file.</summary>
    public long LengthBytes { get; }

    internal BlockPlace Root => _root;

    public static async ValueTask<Table> OpenAsync(
        IScratch scratch, TableCache cache, string name, KeyRing keys, CancellationToken cancellationToken)
    {
        const int Ends = TableFormat.HeaderBytes + TableFormat.FooterBytes + FormatLimits.TagBytes;
        var length = await scratch.GetLengthAsync(name, cancellationToken) ?? 0;
        if (length < Ends)
        {
            throw new TableDamagedException(name, length == 0 ? "it is not there" : "it is too short");
        }

        var header = new byte[TableFormat.HeaderBytes];
        _ = await scratch.ReadAsync(name, 0, header, cancellationToken);
        if (!header.AsSpan(0, 4).SequenceEqual(TableFormat.Magic) || header[4] != TableFormat.Version
            || !header.AsSpan(8, 16).SequenceEqual(keys.RepositoryId))
        {
            throw new TableDamagedException(name, "its header is another");
        }

        var table = new Table(scratch, cache, name, keys.TableCipher(header.AsSpan(24)), length);
        header.CopyTo(table._associated, 0);
        table.Salt = new Hash256(header.AsSpan(24));
        try
        {
            await table.ReadFooterAsync(cancellationToken);
        }
        catch
        {
            table.Dispose();
            throw;
        }

        return table;
    }

    /// <summary>What the table says of a key; null when it says nothing.</summary>
    public async ValueTask<TableRecord?> FindAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        if (await LeafAsync(key, cancellationToken) is not { } block)
        {
            return null;
        }

        var at = block.LowerBound(key.Span);
        return at < block.Count && block.KeyAt(at).SequenceEqual(key.Span) ? block[at] : null;
    }

    /// <summary>The block of records in which a key is if the table has it; null when it lies before the first.</summary>
    internal async ValueTask<TableBlock?> LeafAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        var place = _root;
        while (true)
        {
            var block = await BlockAsync(place, cancellationToken);
            if (place.Level == 0)
            {
                return block;
            }

            var at = block.LowerBound(key.Span);
            if ((at == block.Count || !block.KeyAt(at).SequenceEqual(key.Span)) && --at < 0)
            {
                return null;
            }

            place = Below(place, block, at);
        }
    }

    /// <summary>A walk over the records from a key on.</summary>
    public TableCursor Scan(ReadOnlyMemory<byte> from) => new(this, from);

    public void Dispose() => _cipher.Dispose();

    /// <summary>What an index block says of the block below it.</summary>
    internal BlockPlace Below(BlockPlace place, TableBlock block, int index)
    {
        try
        {
            var reader = new WireReader(block[index].Payload.Span);
            var below = new BlockPlace(
                reader.Count(LengthBytes),
                (int)reader.Count(TableFormat.LongestBlockBytes),
                (uint)reader.Count(uint.MaxValue),
                (byte)(place.Level - 1));
            reader.End();
            return below;
        }
        catch (InvalidDataException error)
        {
            throw new TableDamagedException(Name, error.Message, error);
        }
    }

    internal async ValueTask<TableBlock> BlockAsync(BlockPlace place, CancellationToken cancellationToken)
    {
        if (_cache.Find(this, place.Ordinal) is { } known)
        {
            return known;
        }

        var plaintext = await OpenAsync(place, cancellationToken);
        try
        {
            var block = TableBlock.Decode(plaintext);
            if (place.Level > 0 && block.Count == 0)
            {
                throw new InvalidDataException("an index block leads nowhere");
            }

            _cache.Add(this, place.Ordinal, block);
            return block;
        }
        catch (InvalidDataException error)
        {
            throw new TableDamagedException(Name, error.Message, error);
        }
    }

    private async ValueTask ReadFooterAsync(CancellationToken cancellationToken)
    {
        const int Stored = TableFormat.FooterBytes + FormatLimits.TagBytes;
        var place = new BlockPlace(LengthBytes - Stored, Stored, TableFormat.FooterOrdinal, 0);
        var footer = await OpenAsync(place, cancellationToken);
        _root = new BlockPlace(
            BinaryPrimitives.ReadInt64LittleEndian(footer),
            BinaryPrimitives.ReadInt32LittleEndian(footer.AsSpan(8)),
            BinaryPrimitives.ReadUInt32LittleEndian(footer.AsSpan(12)),
            footer[16]);
        Records = BinaryPrimitives.ReadInt64LittleEndian(footer.AsSpan(17));
        RecordBytes = BinaryPrimitives.ReadInt64LittleEndian(footer.AsSpan(25));
    }

    private async ValueTask<byte[]> OpenAsync(BlockPlace place, CancellationToken cancellationToken)
    {
        if (place.StoredBytes < FormatLimits.TagBytes || place.Offset < 0 || place.Offset > LengthBytes - place.StoredBytes)
        {
            throw new TableDamagedException(Name, "a block lies outside it");
        }

        var stored = new byte[place.StoredBytes];
        if (await _scratch.ReadAsync(Name, place.Offset, stored, cancellationToken) != stored.Length)
        {
            throw new TableDamagedException(Name, "it became shorter");
        }

        return Open(place, stored);
    }

    private byte[] Open(BlockPlace place, byte[] stored)
    {
        Span<byte> nonce = stackalloc byte[12];
        TableFormat.Nonce(nonce, place.Ordinal);
        BinaryPrimitives.WriteUInt32LittleEndian(_associated.AsSpan(TableFormat.HeaderBytes), place.Ordinal);
        _associated[^1] = place.Level;
        var plaintext = new byte[stored.Length - FormatLimits.TagBytes];
        try
        {
            _cipher.Decrypt(nonce, stored.AsSpan(0, plaintext.Length), stored.AsSpan(plaintext.Length), plaintext, _associated);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException error)
        {
            throw new TableDamagedException(Name, "a block does not authenticate", error);
        }
    }
}
