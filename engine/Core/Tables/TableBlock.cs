using Harness.Engine.Format;

namespace Harness.Engine.Tables;

/// <summary>A block in memory. Immutable.</summary>
internal sealed class TableBlock
{
    private readonly byte[] _plaintext;
    private readonly int[] _starts;

    private TableBlock(byte[] plaintext, int[] starts)
    {
        _plaintext = plaintext;
        _starts = starts;
    }

    public int Count => _starts.Length;

    /// <summary>Bytes that it occupies, nearly.</summary>
    public int MemoryBytes => _plaintext.Length + (_starts.Length * sizeof(int));

    /// <summary>Finds the records; InvalidDataException when they do not ascend or do not fit.</summary>
    public static TableBlock Decode(byte[] plaintext)
    {
        var starts = new List<int>(plaintext.Length / 64);
        var reader = new WireReader(plaintext);
        ReadOnlySpan<byte> previous = default;
        while (!reader.AtEnd)
        {
            starts.Add(plaintext.Length - reader.Remaining);
            var key = reader.Bytes(TableFormat.LongestBlockBytes);
            if (starts.Count > 1 && previous.SequenceCompareTo(key) >= 0)
            {
                throw new InvalidDataException("its records do not ascend");
            }

            previous = key;
            var length = reader.Count((long)TableFormat.LongestBlockBytes + 1);
            _ = length == 0 ? default : reader.Raw((int)length - 1);
        }

        return new TableBlock(plaintext, [.. starts]);
    }

    public TableRecord this[int index]
    {
        get
        {
            // What remains counts to the end of the block, wherever the reader began.
            var reader = new WireReader(_plaintext.AsSpan(_starts[index]));
            var keyBytes = reader.Bytes(TableFormat.LongestBlockBytes).Length;
            var key = _plaintext.AsMemory(_plaintext.Length - reader.Remaining - keyBytes, keyBytes);
            var payloadBytes = (int)reader.VarInt() - 1;
            return payloadBytes < 0
                ? TableRecord.Deleted(key)
                : TableRecord.Put(key, _plaintext.AsMemory(_plaintext.Length - reader.Remaining, payloadBytes));
        }
    }

    /// <summary>The first record whose key is not below <paramref name="key"/>; <see cref="Count"/> when all are.</summary>
    public int LowerBound(ReadOnlySpan<byte> key)
    {
        int low = 0, high = _starts.Length;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (KeyAt(middle).SequenceCompareTo(key) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    public ReadOnlySpan<byte> KeyAt(int index)
    {
        var reader = new WireReader(_plaintext.AsSpan(_starts[index]));
        return reader.Bytes(TableFormat.LongestBlockBytes);
    }
}
