using Harness.Simulator.Content;
using Harness.Simulator.Volume;
using Harness.Tests.Support;

namespace Harness.Tests.Oracle;

/// <summary>The prepared values that operations name by number.</summary>
internal static class OracleValues
{
    /// <summary>Each has a tag and the data behind the eight bytes of the header.</summary>
    private static readonly (uint Tag, byte[] Data)[] Reparses =
    [
        (ReparseTags.SymbolicLink, ReparseTags.DataFor(ReparseTags.SymbolicLink, @"target\file.txt")),
        (ReparseTags.MountPoint, ReparseTags.DataFor(ReparseTags.MountPoint, @"\??\C:\target")),
        (0x80000013, new byte[8]),
        (0x9000001A, [.. Enumerable.Range(0, 64).Select(i => (byte)i)]),
    ];

    /// <summary>Bytes of a write: three of four seeds incompressible, one of zeros, whose clusters compression gives back.</summary>
    public static byte[] Bytes(uint seed, long length)
    {
        var bytes = new byte[length];
        if (!IsZeros(seed))
        {
            ContentGenerator.Fill(ContentProfile.Random, seed, 0, bytes);
        }

        return bytes;
    }

    /// <summary>Whether <see cref="Bytes"/> are zeros.</summary>
    public static bool IsZeros(uint seed) => seed % 4 == 0;

    /// <summary>A self-relative descriptor: Administrators own it, and Everyone has the rights of the number.</summary>
    public static byte[] Security(uint number)
    {
        byte[] rights = [0xff, 0xa9, 0x89, 0xbf];
        var descriptor = Convert.FromHexString(
            "01000480" + "14000000" + "24000000" + "00000000" + "34000000"
            + "01020000000000052000000020020000"
            + "01020000000000052000000020020000"
            + "02001c0001000000" + "00001400ff011f00" + "010100000000000100000000");
        descriptor[64] = rights[number % rights.Length];
        return descriptor;
    }

    /// <summary>A reparse point; from the fourth number on the tags come again with other data.</summary>
    public static (uint Tag, byte[] Data) Reparse(uint number)
    {
        var (tag, data) = Reparses[number % Reparses.Length];
        if (number < Reparses.Length)
        {
            return (tag, data);
        }

        byte[] other = [.. data];
        other[^1] ^= (byte)(number / Reparses.Length);
        return (tag, other);
    }

    /// <summary>The reparse point as NTFS stores it: tag, length, data.</summary>
    public static byte[] ReparseBuffer(uint number)
    {
        var (tag, data) = Reparse(number);
        var buffer = ReparseBuffers.Opaque(tag, data.Length);
        data.CopyTo(buffer, 8);
        return buffer;
    }

    /// <summary>Whether the volume is mounted again after times were set, so that later operations move them.</summary>
    public static bool ForgetsTimes(uint seed) => seed % 4 == 0;

    /// <summary>Created, written and accessed as FILETIMEs in the years 1990 to 2009, to the last 100 ns.</summary>
    public static (long Created, long Written, long Accessed) Times(uint seed)
    {
        var start = new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero).ToFileTime();
        var span = (ulong)TimeSpan.FromDays(7000).Ticks;
        long At(ulong salt) => start + (long)(Mix.Of(seed, salt) % span);
        return (At(1), At(2), At(3));
    }
}
