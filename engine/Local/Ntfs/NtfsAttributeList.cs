using System.Buffers.Binary;

namespace Harness.Engine.Local.Ntfs;

/// <summary>
/// Extended attributes as ntfs-3g takes them, which is as they lie on the volume: the last entry, too, says how long it is with
/// its padding, where FILE_FULL_EA_INFORMATION (MS-FSCC 2.4.15) says 0.
/// </summary>
internal static class NtfsAttributeList
{
    private const int HeaderBytes = 8;

    /// <summary>From the form of programs to that of the volume.</summary>
    internal static byte[] ToStored(ReadOnlySpan<byte> list)
    {
        var stored = new byte[(list.Length + 3) / 4 * 4];
        list.CopyTo(stored);
        if (Last(stored) is { } last)
        {
            BinaryPrimitives.WriteInt32LittleEndian(stored.AsSpan(last), stored.Length - last);
        }

        return stored;
    }

    /// <summary>From the form of the volume to that of programs; a list that is damaged stays as it is.</summary>
    internal static byte[] FromStored(byte[] stored)
    {
        if (Last(stored) is { } last)
        {
            stored.AsSpan(last, sizeof(int)).Clear();
        }

        return stored;
    }

    private static int? Last(ReadOnlySpan<byte> list)
    {
        for (var at = 0; at <= list.Length - HeaderBytes;)
        {
            var next = BinaryPrimitives.ReadInt32LittleEndian(list[at..]);
            if (next == 0 || next >= list.Length - at)
            {
                return at;
            }

            if (next < HeaderBytes)
            {
                return null;
            }

            at += next;
        }

        return null;
    }
}
