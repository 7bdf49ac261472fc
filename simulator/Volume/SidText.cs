using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Harness.Engine.Model;

namespace Harness.Simulator.Volume;

/// <summary>Security identifiers in their text form (MS-DTYP 2.4.2.1).</summary>
internal static class SidText
{
    private const int OwnerOffsetAt = 4;
    private const int HeaderBytes = 8;

    /// <summary>The owner in a self-relative security descriptor (MS-DTYP 2.4.6); null when there is none, or it is another kind.</summary>
    public static string? OwnerOf(EntrySecurity security)
    {
        var bytes = security.Bytes.Span;
        if (security.Kind != SecurityKind.Windows || bytes.Length < 20)
        {
            return null;
        }

        var at = BinaryPrimitives.ReadUInt32LittleEndian(bytes[OwnerOffsetAt..]);
        return at == 0 || at > bytes.Length - HeaderBytes ? null : Format(bytes[(int)at..]);
    }

    private static string? Format(ReadOnlySpan<byte> sid)
    {
        var count = sid[1];
        if (HeaderBytes + (count * 4) > sid.Length)
        {
            return null;
        }

        ulong authority = 0;
        foreach (var part in sid[2..HeaderBytes])
        {
            authority = (authority << 8) | part;
        }

        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"S-{sid[0]}-{authority}"));
        for (var i = 0; i < count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"-{BinaryPrimitives.ReadUInt32LittleEndian(sid[(HeaderBytes + (i * 4))..])}");
        }

        return text.ToString();
    }
}
