namespace Harness.Engine.Local.Ntfs;

/// <summary>FILE_ATTRIBUTE_* bits (MS-FSCC 2.6).</summary>
internal static class NtfsAttributes
{
    internal const uint ReadOnly = 0x1;
    internal const uint Hidden = 0x2;
    internal const uint System = 0x4;
    internal const uint Directory = 0x10;
    internal const uint Archive = 0x20;
    internal const uint Temporary = 0x100;
    internal const uint SparseFile = 0x200;
    internal const uint ReparsePoint = 0x400;
    internal const uint Compressed = 0x800;
    internal const uint Offline = 0x1000;
    internal const uint NotContentIndexed = 0x2000;
    internal const uint Encrypted = 0x4000;

    /// <summary>What a program may set: ntfs-3g ignores every other bit without a word.</summary>
    internal const uint Settable = ReadOnly | Hidden | System | Archive | Temporary | Offline | NotContentIndexed;
}
