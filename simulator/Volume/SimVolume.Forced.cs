namespace Harness.Simulator.Volume;

/// <summary>States that a captured tree shows and that no operation of a program makes.</summary>
public sealed partial class SimVolume
{
    private const FileAttributes NeverForced = StoredBits | FileAttributes.Directory | FileAttributes.ReparsePoint;

    /// <summary>Sets every attribute bit but those that say how data is stored and what the entry is.</summary>
    public void ForceAttributes(string path, FileAttributes attributes)
    {
        RequireWritable(path);
        var index = Require(path).Index;
        ref var record = ref _tree.Edit(index);
        record.Attributes = (record.Attributes & NeverForced) | (attributes & ~NeverForced & ~FileAttributes.Normal);
        TouchMetadata(index);
    }

    /// <summary>
    /// Counts names of a file that lie outside of what the volume shows, as when one directory of a volume was captured. Less
    /// than the names it has is refused.
    /// </summary>
    public void ForceLinkCount(string path, int count)
    {
        RequireWritable(path);
        var index = Require(path).Index;
        var present = 1 + ExtraOf(index).MoreLinks.Length;
        if (Records.Get(index).IsDirectory || count < present || count > ushort.MaxValue)
        {
            throw VolumeError.Refused(path, $"it cannot count {count} names, having {present}", "Count at least those it has.");
        }

        _tree.Edit(index).LinkCount = (ushort)count;
        TouchMetadata(index);
    }

    /// <summary>Makes an empty file a special one (device, pipe, socket), or a directory one that another volume is mounted on.</summary>
    public void ForceForeign(string path)
    {
        RequireWritable(path);
        var index = Require(path).Index;
        ref var record = ref _tree.Edit(index);
        record.Flags |= FileRecord.Foreign;
        TouchMetadata(index);
    }
}
