using System.Buffers.Binary;

namespace Harness.Engine.Tables;

/// <summary>
/// What writer and reader of a table agree on. A table is a header, sealed blocks and a sealed footer. A block is a run of
/// (varint key length, key, varint payload length + 1 or 0 for deleted, payload), ascending by key. Index blocks hold the
/// first key of each block below them and where it is; the footer says where the topmost block is.
/// </summary>
internal static class TableFormat
{
    public const int HeaderBytes = 56;

    public const int FooterBytes = 33;

    /// <summary>A block is closed when it is this long; one long record makes a longer one.</summary>
    public const int BlockBytes = 16 << 10;

    /// <summary>An index block is not closed before it leads to so many blocks, however long their first keys are.</summary>
    public const int LeastIndexRecords = 8;

    /// <summary>No block is longer: a record fits a vault blob.</summary>
    public const int LongestBlockBytes = 80 << 20;

    public const byte Version = 1;

    public const uint FooterOrdinal = uint.MaxValue;

    public static ReadOnlySpan<byte> Magic => "HTBL"u8;

    public static void Nonce(Span<byte> nonce, uint ordinal)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(nonce[4..], ordinal);
    }
}

/// <summary>Where a block is: what an index block says of each block below it.</summary>
internal readonly record struct BlockPlace(long Offset, int StoredBytes, uint Ordinal, byte Level);
