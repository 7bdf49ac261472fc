using Harness.Simulator.Journal;

namespace Harness.Simulator.Volume;

/// <summary>Reparse points.</summary>
public sealed partial class SimVolume
{
    /// <summary>
    /// Makes a file or directory a reparse point, or changes the data of one (FSCTL_SET_REPARSE_POINT, MS-FSA 2.1.5.10.37). A
    /// directory must be empty unless the tag has the directory bit; a mount point is always a directory; another tag or GUID is
    /// not replaced; links need a privilege; a file with extended attributes takes none.
    /// </summary>
    /// <param name="path">File or directory.</param>
    /// <param name="tag">Reparse tag.</param>
    /// <param name="data">Data without the header: up to 16,376 bytes, with a GUID 16,360.</param>
    /// <param name="guid">Owner of the tag; needed for tags that are not Microsoft's, and only there.</param>
    public void SetReparsePoint(string path, uint tag, ReadOnlyMemory<byte> data, Guid guid = default)
    {
        RequireWritable(path);
        RequireFeature(path, VolumeFeatures.ReparsePoints);
        var place = Require(path);
        var extra = ExtraOf(place.Index);
        var isDirectory = Records.Get(place.Index).IsDirectory;
        var reason = ReparseTags.WhyInvalid(tag, data.Span, guid) is { } malformed
                && !IsBrokenOf(tag, isDirectory, extra) ? malformed
            : place.Index == RootIndex ? "the root of a volume is no reparse point"
            : tag == ReparseTags.MountPoint && !isDirectory ? "only a directory can be a mount point (STATUS_NOT_A_DIRECTORY)"
            : extra.ReparseTag != 0 && extra.ReparseTag != tag ? "it carries another reparse tag already"
            : extra.ReparseTag != 0 && (extra.Rare?.ReparseGuid ?? Guid.Empty) != guid
                ? "it carries the tag with another GUID already (ERROR_REPARSE_ATTRIBUTE_CONFLICT)"
            : extra.Rare?.Attributes is { Length: > 0 }
                ? "a file with extended attributes takes no reparse point (STATUS_EAS_NOT_SUPPORTED)"
            : tag == ReparseTags.SymbolicLink && !Settings.HasSymbolicLinkPrivilege
                ? "making symbolic links needs the privilege SeCreateSymbolicLinkPrivilege (STATUS_PRIVILEGE_NOT_HELD)"
            : WhyNotEmpty(tag, isDirectory, extra);
        if (reason is not null)
        {
            throw VolumeError.Refused(path, reason, "See MS-FSA 2.1.5.10.37.");
        }

        PutReparsePoint(place.Index, tag, data, guid);
    }

    /// <summary>Forced mode: puts any tag and data in place, as broken volumes have them.</summary>
    public void ForceReparsePoint(string path, uint tag, ReadOnlyMemory<byte> data, Guid guid = default)
    {
        RequireWritable(path);
        PutReparsePoint(Require(path).Index, tag, data, guid);
    }

    /// <summary>Takes the reparse point away (FSCTL_DELETE_REPARSE_POINT, MS-FSA 2.1.5.10.3); the file or directory stays.</summary>
    /// <param name="path">File or directory.</param>
    /// <param name="tag">Tag that it must have; null is any.</param>
    /// <param name="guid">GUID that it must have with such a tag; null is any.</param>
    public void DeleteReparsePoint(string path, uint? tag = null, Guid? guid = null)
    {
        RequireWritable(path);
        var place = Require(path);
        var extra = ExtraOf(place.Index);
        var reason = extra.ReparseTag == 0 ? "it is not a reparse point"
            : tag is { } wanted && wanted != extra.ReparseTag
                ? $"its tag is {ReparseTags.NameOf(extra.ReparseTag)} (STATUS_IO_REPARSE_TAG_MISMATCH)"
            : guid is { } owner && owner != (extra.Rare?.ReparseGuid ?? Guid.Empty)
                ? "its GUID is another (STATUS_REPARSE_ATTRIBUTE_CONFLICT)"
                : null;
        if (reason is not null)
        {
            throw VolumeError.Refused(path, reason, "Check the path.");
        }

        ref var record = ref _tree.Edit(place.Index);
        record.Extra = (extra with { ReparseTag = 0, ReparseData = null }).With(
            (extra.Rare ?? RareMetadata.None) with { ReparseGuid = Guid.Empty });
        record.Attributes &= ~FileAttributes.ReparsePoint;
        TouchMetadata(place.Index, UsnReason.ReparsePointChange);
    }

    private static string? WhyNotEmpty(uint tag, bool isDirectory, FileExtra extra) =>
        isDirectory && extra.Children!.Count > 0 && (tag & ReparseTags.DirectoryBit) == 0
            ? "a directory that is not empty takes only tags with the directory bit"
            : null;

    /// <summary>Malformed data is the second complaint where the tag cannot stand there at all.</summary>
    private static bool IsBrokenOf(uint tag, bool isDirectory, FileExtra extra) =>
        tag == ReparseTags.MountPoint && (!isDirectory || WhyNotEmpty(tag, isDirectory, extra) is not null);

    private void PutReparsePoint(uint index, uint tag, ReadOnlyMemory<byte> data, Guid guid)
    {
        var extra = ExtraOf(index);
        ref var record = ref _tree.Edit(index);
        record.Extra = (extra with { ReparseTag = tag, ReparseData = data.ToArray() }).With(
            (extra.Rare ?? RareMetadata.None) with { ReparseGuid = guid });
        record.Attributes |= FileAttributes.ReparsePoint;
        TouchMetadata(index, UsnReason.ReparsePointChange);
    }
}
