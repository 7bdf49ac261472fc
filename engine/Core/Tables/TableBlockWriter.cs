using Harness.Engine.Format;

namespace Harness.Engine.Tables;

/// <summary>Collects the records of one block.</summary>
internal sealed class TableBlockWriter
{
    /// <summary>The only block of a small table is no longer; others grow to their length once.</summary>
    private const int FirstBytes = 1 << 10;

    private readonly WireWriter _plaintext = new(FirstBytes);

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
