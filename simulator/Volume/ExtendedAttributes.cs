using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Harness.Simulator.Volume;

/// <summary>The list form of extended attributes, FILE_FULL_EA_INFORMATION (MS-FSCC 2.4.15), and its rules.</summary>
public static class ExtendedAttributes
{
    /// <summary>Most bytes of all attributes of a file in their packed form (MS-FSA 2.1.5.15.5).</summary>
    public const int MaxPackedBytes = (64 * 1024) - 5;

    /// <summary>Longest name in bytes.</summary>
    public const int MaxNameBytes = 255;

    private const int HeaderBytes = 8;
    private const byte NeedFlag = 0x80;

    private static readonly SearchValues<char> Reserved =
        SearchValues.Create([.. "\\/:*?\"<>|,+=[];", .. Enumerable.Range(0, ' ').Select(unit => (char)unit)]);

    /// <summary>Why NTFS refuses an attribute (STATUS_INVALID_EA_NAME, STATUS_EA_TOO_LARGE); null when it is fine.</summary>
    public static string? WhyInvalid(ExtendedAttribute attribute)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        var name = attribute.Name;
        return name.Length is 0 or > MaxNameBytes
                ? $"the name of an extended attribute has 1 to {MaxNameBytes} bytes, not {name.Length}"
            : !Ascii.IsValid(name) || name.AsSpan().ContainsAny(Reserved)
                ? $"'{name}' is no name of an extended attribute: ASCII without control characters and \\/:*?\"<>|,+=[]; only"
            : attribute.Value.Length > ushort.MaxValue
                ? $"the value of '{name}' has {attribute.Value.Length} bytes, and {ushort.MaxValue} are the most"
                : null;
    }

    /// <summary>Bytes that attributes take in a file, which is what its directory tells of them (EaSize); 0 for none.</summary>
    public static int PackedBytes(IReadOnlyCollection<ExtendedAttribute> attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return attributes.Count == 0 ? 0 : 4 + attributes.Sum(attribute => 5 + attribute.Name.Length + attribute.Value.Length);
    }

    /// <summary>The list form: each entry begins at a multiple of four.</summary>
    public static byte[] ToList(IReadOnlyList<ExtendedAttribute> attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        var list = new List<byte>();
        for (var i = 0; i < attributes.Count; i++)
        {
            var (name, value) = (Encoding.ASCII.GetBytes(attributes[i].Name), attributes[i].Value);
            var length = HeaderBytes + name.Length + 1 + value.Length;
            var isLast = i == attributes.Count - 1;
            var entry = new byte[isLast ? length : (int)AllocationRules.RoundUp(length, 4)];
            BinaryPrimitives.WriteInt32LittleEndian(entry, isLast ? 0 : entry.Length);
            entry[4] = attributes[i].IsNeeded ? NeedFlag : (byte)0;
            entry[5] = (byte)name.Length;
            BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(6), (ushort)value.Length);
            name.CopyTo(entry, HeaderBytes);
            value.Span.CopyTo(entry.AsSpan(HeaderBytes + name.Length + 1));
            list.AddRange(entry);
        }

        return [.. list];
    }

    /// <summary>Reads the list form.</summary>
    /// <exception cref="Harness.Engine.Errors.BackupException">VolumeOperationInvalid: it is malformed (STATUS_EA_LIST_INCONSISTENT).</exception>
    public static IReadOnlyList<ExtendedAttribute> FromList(ReadOnlySpan<byte> list)
    {
        var attributes = new List<ExtendedAttribute>();
        for (var at = 0; at < list.Length;)
        {
            var entry = list[at..];
            var nameLength = entry.Length < HeaderBytes ? 0 : entry[5];
            var valueLength = entry.Length < HeaderBytes ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]);
            var length = HeaderBytes + nameLength + 1 + valueLength;
            var next = entry.Length < HeaderBytes ? -1 : BinaryPrimitives.ReadInt32LittleEndian(entry);
            if (length > entry.Length || next < 0 || (next > 0 && (next < length || next % 4 != 0 || next >= entry.Length))
                || entry[HeaderBytes + nameLength] != 0 || (entry[4] & ~NeedFlag) != 0)
            {
                throw VolumeError.Refused(
                    "extended attributes", $"the list is malformed at byte {at} (MS-FSCC 2.4.15)", "Correct the list.");
            }

            attributes.Add(new ExtendedAttribute(
                Encoding.Latin1.GetString(entry.Slice(HeaderBytes, nameLength)),
                entry.Slice(HeaderBytes + nameLength + 1, valueLength).ToArray(),
                (entry[4] & NeedFlag) != 0));
            if (next == 0)
            {
                break;
            }

            at += next;
        }

        return attributes;
    }
}
