namespace Harness.Engine.Model;

/// <summary>One data stream of an entry.</summary>
public sealed record SourceStream
{
    /// <summary>Stream name without colons; "" is the unnamed stream, the file's own data.</summary>
    public required string Name { get; init; }

    /// <summary>Logical size in bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Bytes that the file system allocated for it.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>
    /// Traits of this stream. For a named stream <see cref="EntryTraits.NamedStream"/> is set together with the stream's own
    /// <see cref="EntryTraits.Compressed"/>, <see cref="EntryTraits.Sparse"/> and <see cref="EntryTraits.Encrypted"/>.
    /// </summary>
    public EntryTraits Traits { get; init; }

    /// <summary>
    /// When the stream can be read only as raw ciphertext (EFS): the length of that raw form; else null. A raw stream is
    /// protected and restored as raw bytes together with <see cref="SourceEntry.EncryptionInfo"/>.
    /// </summary>
    public long? RawSizeBytes { get; init; }

    /// <summary>The length that a reader sees: raw when raw, else logical.</summary>
    public long ReadableBytes => RawSizeBytes ?? SizeBytes;
}
