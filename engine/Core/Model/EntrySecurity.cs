namespace Harness.Engine.Model;

/// <summary>Which kind of access control an entry carries.</summary>
public enum SecurityKind : byte
{
    /// <summary>None known.</summary>
    None = 0,

    /// <summary>POSIX: little-endian uint32 mode (permission bits only), uid, gid: 12 bytes.</summary>
    Posix = 1,

    /// <summary>A self-relative Windows security descriptor.</summary>
    Windows = 2,
}

/// <summary>The access control of an entry as opaque bytes of a stated kind, at most 64 KiB.</summary>
/// <param name="Kind">How to read the bytes.</param>
/// <param name="Bytes">The bytes; empty for <see cref="SecurityKind.None"/>.</param>
public readonly record struct EntrySecurity(SecurityKind Kind, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Compares kind and bytes.</summary>
    public bool Equals(EntrySecurity other) => Kind == other.Kind && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => ((int)Kind * 397) ^ Bytes.Length;

    /// <summary>Packs POSIX permission bits and owners.</summary>
    public static EntrySecurity FromPosix(uint mode, uint uid, uint gid)
    {
        var bytes = new byte[12];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes, mode);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), uid);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), gid);
        return new EntrySecurity(SecurityKind.Posix, bytes);
    }

    /// <summary>Unpacks what <see cref="FromPosix"/> packed; null when this is not POSIX or not 12 bytes.</summary>
    public (uint Mode, uint Uid, uint Gid)? ToPosix()
    {
        if (Kind != SecurityKind.Posix || Bytes.Length != 12)
        {
            return null;
        }

        var span = Bytes.Span;
        return (System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(span),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(span[4..]),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(span[8..]));
    }
}
