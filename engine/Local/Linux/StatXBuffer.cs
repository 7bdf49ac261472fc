using System.Runtime.InteropServices;

namespace Harness.Engine.Local.Linux;

/// <summary>struct statx: the one stat structure that is the same on every architecture.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct StatXBuffer
{
    /// <summary>Mask: the basic fields and the birth time.</summary>
    internal const uint BasicAndBirth = 0xfff;

    internal const ulong AttributeCompressed = 0x4;
    internal const ulong AttributeEncrypted = 0x800;
    internal const ulong AttributeMountRoot = 0x2000;

    private const uint BirthTimeBit = 0x800;

    internal uint Mask;
    internal uint BlockSize;
    internal ulong Attributes;
    internal uint LinkCount;
    internal uint Uid;
    internal uint Gid;
    internal ushort Mode;
    internal ushort Spare0;
    internal ulong Inode;
    internal ulong Size;
    internal ulong Blocks;
    internal ulong AttributesMask;
    internal StatXTime Accessed;
    internal StatXTime Birth;
    internal StatXTime Changed;
    internal StatXTime Modified;
    internal uint RDevMajor;
    internal uint RDevMinor;
    internal uint DevMajor;
    internal uint DevMinor;

    internal readonly bool HasBirth => (Mask & BirthTimeBit) != 0;

    /// <summary>struct statx_timestamp.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct StatXTime
    {
        internal long Seconds;
        internal uint Nanoseconds;
        internal int Reserved;
    }
}
