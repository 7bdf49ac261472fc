using Harness.Engine.Format;

namespace Harness.Engine.Tables;

/// <summary>Collects the records of one block.</summary>
internal sealed class TableBlockWriter
{
    private readonly WireWriter _plaintext = new(TableFormat.BlockBytes * 2);

    public byte[] FirstKey { get; private set; } = [];

    public int Length => _plaintext.Length;

    /// <summary>Records in it.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<byte> Plaintext => _plaintext.Written;

    public void Add(in TableRecord record)
    {
        if (_plaintext.Length == 0)
        {
            FirstKey = record.Key.ToArray();
        }

        Count++;
        _plaintext.Bytes(record.Key.Span);
        _plaintext.VarInt(record.IsDeleted ? 0UL : (ulong)record.Payload.Length + 1);
        _plaintext.Raw(record.Payload.Span);
    }

    public void Clear()
    {
        _plaintext.Clear();
        Count = 0;
    }
}
