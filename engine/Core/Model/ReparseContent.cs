namespace Harness.Engine.Model;

/// <summary>A reparse point as it is kept and restored, never followed.</summary>
/// <param name="Tag">Reparse tag.</param>
/// <param name="Data">What is behind the eight bytes of its header, as in <see cref="SourceEntry.ReparseData"/>; at most 16 KiB.</param>
/// <param name="IsDirectory">Whether it stands on a directory, as a junction does.</param>
public sealed record ReparseContent(uint Tag, ReadOnlyMemory<byte> Data, bool IsDirectory)
{
    /// <summary>IO_REPARSE_TAG_SYMLINK.</summary>
    public const uint SymbolicLinkTag = 0xA000000C;

    /// <summary>IO_REPARSE_TAG_DEDUP.</summary>
    public const uint DeduplicatedTag = 0x80000013;

    /// <summary>Longest data (MS-FSCC 2.1.2.2).</summary>
    public const int MostDataBytes = 16 << 10;

    /// <summary>Whether both are the same.</summary>
    public bool SameAs(ReparseContent? other) =>
        other is not null && Tag == other.Tag && IsDirectory == other.IsDirectory && Data.Span.SequenceEqual(other.Data.Span);
}
