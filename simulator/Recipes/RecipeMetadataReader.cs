using System.Globalization;
using Harness.Engine.Model;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>Reads what a captured entry has beside its data: times, access control, reparse data, further attribute bits.</summary>
internal static class RecipeMetadataReader
{
    private const int MaxSecurityBytes = 64 * 1024;

    public static EntryTimes Times(RecipeNode node) =>
        new(Time(node, "created"), Time(node, "written"), Time(node, "changed"), Time(node, "accessed"));

    public static ReadOnlyMemory<byte>? Data(RecipeNode node)
    {
        if (!node.Has("reparseData"))
        {
            return null;
        }

        var data = Base64(node, "reparseData", node.Text("reparseData", ""));
        return data.Length <= ReparseTags.MaxDataBytes
            ? data
            : throw node.Error(
                "reparseData",
                $"reparse data has at most {ReparseTags.MaxDataBytes} bytes (16 KiB with its header), not {data.Length}");
    }

    /// <summary>GUID of the owner of a reparse tag.</summary>
    public static Guid? ReparseGuid(RecipeNode node) =>
        !node.Has("reparseGuid") ? null
            : Guid.TryParse(node.Text("reparseGuid", ""), out var guid) ? guid
            : throw node.Error("reparseGuid", $"'{node.Text("reparseGuid", "")}' is no GUID");

    public static ObjectIdBuffer? ObjectId(RecipeNode node)
    {
        if (!node.Has("objectId"))
        {
            return null;
        }

        var text = node.Text("objectId", "");
        if (Guid.TryParse(text, out var guid) && guid != Guid.Empty)
        {
            return new ObjectIdBuffer(guid);
        }

        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count) && count == ObjectIdBuffer.LengthBytes
            ? ObjectIdBuffer.Parse(bytes.AsSpan(0, count))
            : throw node.Error("objectId", $"an object id is a GUID, or Base64 of {ObjectIdBuffer.LengthBytes} bytes");
    }

    public static IReadOnlyList<ExtendedAttribute> ExtendedAttributesOf(RecipeNode node)
    {
        var list = new List<ExtendedAttribute>();
        foreach (var item in node.Objects("extendedAttributes"))
        {
            if (item.Has("value") && item.Has("text"))
            {
                throw item.Error("text", "it takes the place of 'value'; give one of them");
            }

            var value = item.Has("text")
                ? System.Text.Encoding.UTF8.GetBytes(item.Text("text", ""))
                : Base64(item, "value", item.Text("value", ""));
            var attribute = new ExtendedAttribute(item.Text("name", ""), value, item.Flag("needed"));
            list.Add(ExtendedAttributes.WhyInvalid(attribute) is { } reason ? throw item.Error("name", reason) : attribute);
        }

        return list;
    }

    public static EntrySecurity? Security(RecipeNode node)
    {
        if (!node.Has("security"))
        {
            return null;
        }

        var parts = node.Text("security", "").Split(':');
        if (parts is ["posix", var mode, var user, var group]
            && TryOctal(mode, out var bits)
            && uint.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var uid)
            && uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out var gid))
        {
            return EntrySecurity.FromPosix(bits, uid, gid);
        }

        if (parts is not ["windows", var encoded])
        {
            throw node.Error("security", "access control is windows:BASE64, or posix:MODE:UID:GID with an octal mode");
        }

        var bytes = Base64(node, "security", encoded);
        return bytes.Length is >= 20 and <= MaxSecurityBytes
            ? new EntrySecurity(SecurityKind.Windows, bytes)
            : throw node.Error("security", $"a self-relative descriptor has 20 to {MaxSecurityBytes} bytes, not {bytes.Length}");
    }

    public static FileAttributes Bits(RecipeNode node) =>
        !node.Has("bits") ? FileAttributes.None
            : node.Text("bits", "") is var text && text.StartsWith("0x", StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits)
                ? (FileAttributes)bits
                : throw node.Error("bits", "attribute bits are 0x and up to eight hexadecimal digits");

    private static Timestamp? Time(RecipeNode node, string field)
    {
        if (!node.Has(field))
        {
            return null;
        }

        var text = node.Text(field, "");
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var fileTime))
        {
            return Timestamp.FromFileTime(fileTime);
        }

        return DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-ddTHH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var time)
            ? Timestamp.From(time)
            : throw node.Error(field, $"'{text}' is no time such as 2018-08-02T12:00:00.1234567Z");
    }

    private static byte[] Base64(RecipeNode node, string field, string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count)
            ? bytes[..count]
            : throw node.Error(field, "the bytes are not Base64");
    }

    private static bool TryOctal(string text, out uint value)
    {
        value = 0;
        if (text.Length is 0 or > 5 || text.Any(digit => digit is < '0' or > '7'))
        {
            return false;
        }

        value = Convert.ToUInt32(text, 8);
        return true;
    }
}
