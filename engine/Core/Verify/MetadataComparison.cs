using Harness.Engine.Format;
using Harness.Engine.Model;

namespace Harness.Engine.Verify;

/// <summary>Compares everything but content of an entry with its record. Pure.</summary>
internal static class MetadataComparison
{
    private const uint NormalAttribute = 0x80; // FILE_ATTRIBUTE_NORMAL says only that no other is set (MS-FSCC 2.6).

    /// <summary>
    /// The differences. The change and access times are left out, since they tell of the copy; so is the creation time
    /// where no program can set it, which is everywhere but on Windows volumes.
    /// </summary>
    public static IEnumerable<SourceDifference> Of(EntryRecord record, SourceEntry entry)
    {
        if ((record.Attributes & ~NormalAttribute) != (entry.Attributes & ~NormalAttribute))
        {
            yield return new SourceDifference(
                entry.Path, "attributes", $"0x{record.Attributes:x} in the recovery point, 0x{entry.Attributes:x} in the source");
        }

        if (record.Times.Written != entry.Times.Written)
        {
            yield return new SourceDifference(entry.Path, "written-time", Both(record.Times.Written, entry.Times.Written));
        }

        if (record.Security.Kind == SecurityKind.Windows && record.Times.Created != entry.Times.Created)
        {
            yield return new SourceDifference(entry.Path, "created-time", Both(record.Times.Created, entry.Times.Created));
        }

        if (!record.Security.Equals(entry.Security))
        {
            yield return new SourceDifference(entry.Path, "security", SecurityOf(record.Security, entry.Security));
        }

        if (!record.EncryptionInfo.Span.SequenceEqual(entry.EncryptionInfo.Span))
        {
            yield return new SourceDifference(entry.Path, "encryption", "the encryption information ($EFS) is another");
        }
    }

    private static string Both(Timestamp? record, Timestamp? entry) =>
        $"{record?.ToString() ?? "none"} in the recovery point, {entry?.ToString() ?? "none"} in the source";

    private static string SecurityOf(EntrySecurity record, EntrySecurity entry) =>
        record.ToPosix() is { } before && entry.ToPosix() is { } now
            ? $"mode {Convert.ToString(before.Mode, 8)} {before.Uid}:{before.Gid} in the recovery point, "
                + $"{Convert.ToString(now.Mode, 8)} {now.Uid}:{now.Gid} in the source"
            : "the access control is another";
}
