using Harness.Engine.Local.Linux;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Ntfs;

/// <summary>A piece of a stream in clusters.</summary>
/// <param name="Vcn">First cluster within the stream.</param>
/// <param name="Lcn">First cluster on the volume; -1 for a hole.</param>
/// <param name="Clusters">Length.</param>
internal readonly record struct Run(long Vcn, long Lcn, long Clusters)
{
    internal bool IsHole => Lcn < 0;
}

/// <summary>Where the clusters of a stream are, ascending.</summary>
internal sealed class RunList(IReadOnlyList<Run> runs)
{
    internal IReadOnlyList<Run> Runs { get; } = runs;

    /// <summary>Decodes mapping pairs: each starts with a byte that says how many bytes length and offset take.</summary>
    internal static void Decode(ReadOnlySpan<byte> pairs, long firstVcn, List<Run> runs)
    {
        var (vcn, lcn) = (firstVcn, 0L);
        while (pairs.Length > 0 && pairs[0] != 0)
        {
            var (lengthBytes, offsetBytes) = (pairs[0] & 0xf, pairs[0] >> 4);
            if (lengthBytes is 0 or > 8 || offsetBytes > 8 || pairs.Length < 1 + lengthBytes + offsetBytes)
            {
                throw new InvalidDataException();
            }

            var clusters = ReadSigned(pairs.Slice(1, lengthBytes));
            if (clusters <= 0)
            {
                throw new InvalidDataException();
            }

            lcn += offsetBytes == 0 ? 0 : ReadSigned(pairs.Slice(1 + lengthBytes, offsetBytes));
            runs.Add(new Run(vcn, offsetBytes == 0 ? -1 : lcn, clusters));
            vcn = checked(vcn + clusters);
            pairs = pairs[(1 + lengthBytes + offsetBytes)..];
        }
    }

    /// <summary>Reads from the volume; holes give zeros. False beyond the end or on a device error.</summary>
    internal bool Read(SafeFileHandle device, int clusterBytes, long offset, Span<byte> buffer)
    {
        foreach (var run in Runs)
        {
            var (start, end) = (run.Vcn * clusterBytes, (run.Vcn + run.Clusters) * clusterBytes);
            if (buffer.Length == 0 || offset >= end || offset < start)
            {
                continue;
            }

            var piece = buffer[..(int)Math.Min(buffer.Length, end - offset)];
            if (run.IsHole)
            {
                piece.Clear();
            }
            else if (LinuxFile.Read(device, (run.Lcn * clusterBytes) + (offset - start), piece) != piece.Length)
            {
                return false;
            }

            offset += piece.Length;
            buffer = buffer[piece.Length..];
        }

        return buffer.Length == 0;
    }

    private static long ReadSigned(ReadOnlySpan<byte> bytes)
    {
        long value = unchecked((sbyte)bytes[^1]);
        for (var i = bytes.Length - 2; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }
}
