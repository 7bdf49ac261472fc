using System.Security.Cryptography;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;

namespace Harness.Engine.Tables;

/// <summary>
/// Writes a table into the scratch location, record by record in ascending order of their keys; memory is bounded whatever
/// the number of records. One logical thread.
/// </summary>
internal sealed class TableWriter : IDisposable
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Most tables of a small run are no longer.</summary>
    private const int FirstBytes = 2 << 10;

    private readonly IScratch _scratch;
    private readonly AesGcm _cipher;
    private readonly byte[] _associated = new byte[TableFormat.HeaderBytes + 5];
    private readonly WireWriter _pending = new(FirstBytes);
    private readonly TableBlockWriter _records = new();

    /// <summary>The open index block of each level, from 1.</summary>
    private readonly List<TableBlockWriter> _index = [];
    private readonly WireWriter _place = new(32);
    private long _offset;
    private uint _ordinal;
    private byte[] _lastKey = [];
    private bool _any;

    private TableWriter(IScratch scratch, string name, KeyRing keys, byte[] salt)
    {
        _scratch = scratch;
        Name = name;
        _cipher = keys.TableCipher(salt);
        _pending.Raw(TableFormat.Magic);
        _pending.U8(TableFormat.Version);
        _pending.Raw([0, 0, 0]);
        _pending.Raw(keys.RepositoryId);
        _pending.Raw(salt);
        _pending.Written.CopyTo(_associated);
        _offset = TableFormat.HeaderBytes;
    }

    public string Name { get; }

    /// <summary>Records so far.</summary>
    public long Records { get; private set; }

    /// <summary>Bytes of keys and payloads so far.</summary>
    public long RecordBytes { get; private set; }

    /// <summary>Begins a table; a file of that name is replaced.</summary>
    public static async ValueTask<TableWriter> CreateAsync(
        IScratch scratch, string name, KeyRing keys, IRandomSource random, CancellationToken cancellationToken)
    {
        await scratch.DeleteAsync(name, cancellationToken);
        var salt = new byte[KeyRing.SaltBytes];
        random.Fill(salt);
        return new TableWriter(scratch, name, keys, salt);
    }

    /// <summary>Adds a record; its key is above all before it.</summary>
    public async ValueTask AddAsync(TableRecord record, CancellationToken cancellationToken)
    {
        Add(record);
        if (_pending.Length >= BufferBytes)
        {
            await WritePendingAsync(cancellationToken);
        }
    }

    /// <summary>Writes what is left and, unless it may be torn by a crash, makes the table durable.</summary>
    public async ValueTask FinishAsync(CancellationToken cancellationToken, bool durable = true)
    {
        var root = CloseAll();
        var footer = new WireWriter(TableFormat.FooterBytes);
        footer.U64((ulong)root.Offset);
        footer.U32((uint)root.StoredBytes);
        footer.U32(root.Ordinal);
        footer.U8(root.Level);
        footer.U64((ulong)Records);
        footer.U64((ulong)RecordBytes);
        Seal(footer.Written, TableFormat.FooterOrdinal, level: 0);
        await WritePendingAsync(cancellationToken);
        if (durable)
        {
            await _scratch.FlushAsync(Name, cancellationToken);
        }
    }

    public void Dispose() => _cipher.Dispose();

    private void Add(TableRecord record)
    {
        Invariant.Require(!_any || _lastKey.AsSpan().SequenceCompareTo(record.Key.Span) < 0);
        _any = true;
        _lastKey = record.Key.ToArray();
        Records++;
        RecordBytes += record.Key.Length + record.Payload.Length;
        _records.Add(record);
        if (_records.Length >= TableFormat.BlockBytes)
        {
            CloseRecords();
        }
    }

    private void CloseRecords()
    {
        AddPlace(1, _records.FirstKey, Close(_records, level: 0));
        for (var level = 1; level <= _index.Count && IsFull(_index[level - 1]); level++)
        {
            var block = _index[level - 1];
            var first = block.FirstKey;
            AddPlace(level + 1, first, Close(block, (byte)level));
        }
    }

    /// <summary>With one key in each, and keys may be paths of any length, index blocks would be laid over one another without end.</summary>
    private static bool IsFull(TableBlockWriter index) =>
        index.Length >= TableFormat.BlockBytes && index.Count >= TableFormat.LeastIndexRecords;

    /// <summary>Closes what is open, from the records up. A block that the last record has filled is closed already.</summary>
    private BlockPlace CloseAll()
    {
        byte[] first = [];
        BlockPlace? place = null;
        if (_records.Length > 0 || _index.Count == 0)
        {
            (first, place) = (_records.FirstKey, Close(_records, level: 0));
        }

        for (var level = 1; level <= _index.Count; level++)
        {
            if (place is { } below)
            {
                AddPlace(level, first, below);
            }

            var block = _index[level - 1];
            first = block.FirstKey;
            place = block.Length == 0 ? null : Close(block, (byte)level);
        }

        return place!.Value;
    }

    private void AddPlace(int level, byte[] firstKey, BlockPlace place)
    {
        if (_index.Count < level)
        {
            _index.Add(new TableBlockWriter());
        }

        _place.Clear();
        _place.VarInt(place.Offset);
        _place.VarInt((ulong)place.StoredBytes);
        _place.VarInt(place.Ordinal);
        _index[level - 1].Add(TableRecord.Put(firstKey, _place.ToArray()));
    }

    private BlockPlace Close(TableBlockWriter block, byte level)
    {
        var place = new BlockPlace(_offset, block.Length + FormatLimits.TagBytes, _ordinal, level);
        Seal(block.Plaintext, _ordinal++, level);
        block.Clear();
        return place;
    }

    private void Seal(ReadOnlySpan<byte> plaintext, uint ordinal, byte level)
    {
        Span<byte> nonce = stackalloc byte[12];
        TableFormat.Nonce(nonce, ordinal);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(_associated.AsSpan(TableFormat.HeaderBytes), ordinal);
        _associated[^1] = level;
        var target = _pending.Reserve(plaintext.Length + FormatLimits.TagBytes);
        _cipher.Encrypt(nonce, plaintext, target[..plaintext.Length], target[plaintext.Length..], _associated);
        _offset += target.Length;
    }

    private async ValueTask WritePendingAsync(CancellationToken cancellationToken)
    {
        await _scratch.AppendAsync(Name, _pending.WrittenMemory, cancellationToken);
        _pending.Clear();
    }
}
