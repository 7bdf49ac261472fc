using Harness.Simulator.Content;
using Harness.Simulator.Journal;

namespace Harness.Simulator.Volume;

/// <summary>Creation of files, directories and links.</summary>
public sealed partial class SimVolume
{
    /// <summary>Most names of one file on NTFS.</summary>
    public const int MaxLinks = 1024;

    private const FileAttributes InheritedBits =
        FileAttributes.Compressed | FileAttributes.Encrypted | FileAttributes.IntegrityStream;

    /// <summary>Whether new names follow NTFS alone and not Win32, as behind <c>\\?\</c>; for the time of one call.</summary>
    internal bool TakesExtendedNames { get; set; }

    /// <summary>
    /// Creates a file whose content is generated. In a compressed or encrypted directory it becomes that too.
    /// </summary>
    /// <param name="path">Its directory exists.</param>
    /// <param name="sizeBytes">0 to <see cref="VolumeSettings.MaxFileBytes"/>.</param>
    /// <param name="content">How the content looks; null is incompressible bytes.</param>
    /// <param name="seed">Which content; null derives one from the volume's seed and the file reference.</param>
    public FileReference CreateFile(string path, long sizeBytes = 0, ContentProfile? content = null, ulong? seed = null)
    {
        RequireWritable(path);
        RequireSize(path, sizeBytes);
        var parent = NewName(path, out var name);
        var inherited = Records.Get(parent).Attributes & InheritedBits;
        var profileId = Tables.Profiles.Intern(content ?? ContentProfile.Random);
        var record = new FileRecord
        {
            Attributes = FileAttributes.Archive | inherited,
            Size = sizeBytes,
            ProfileId = profileId,
        };
        var quota = Quotas.Charged(sizeBytes, StreamFlagsOf(inherited), 0);
        Quotas.Require(path, Records.Get(parent).SecurityId, quota);
        Charge(
            path,
            (inherited & FileAttributes.Compressed) == FileAttributes.None
                ? Tables.Allocation.AllocatedPlain(sizeBytes, StreamFlagsOf(inherited))
                : Stream(in record, "")!.AllocatedBytes);
        Quotas.Charge(Records.Get(parent).SecurityId, quota);
        return Add(parent, name, record, seed, isDirectory: false);
    }

    /// <summary>
    /// Creates a directory; its parent exists. It inherits compression and encryption for files made in it, and the case rule.
    /// </summary>
    public FileReference CreateDirectory(string path)
    {
        RequireWritable(path);
        var parent = NewName(path, out var name);
        var inherited = Records.Get(parent).Attributes & InheritedBits;
        var flags = (byte)(Records.Get(parent).Flags & FileRecord.CaseSensitive);
        var folds = Folds && (flags & FileRecord.CaseSensitive) == 0;
        return Add(
            parent,
            name,
            new FileRecord
            {
                Attributes = FileAttributes.Directory | inherited,
                Flags = flags,
                Extra = FileExtra.None with { Children = new DirectoryTree(Tables.Names, folds, _tree.Epoch) },
            },
            null,
            isDirectory: true);
    }

    /// <summary>Creates a directory and those above it that are missing.</summary>
    public FileReference CreateDirectories(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Find(path) is { } present)
        {
            return present.IsDirectory
                ? present.Reference
                : throw VolumeError.Refused(path, "a file is in the way of the directory", "Choose another path.");
        }

        CreateDirectories(VolumePath.Split(path).Parent);
        return CreateDirectory(path);
    }

    /// <summary>Gives a file a further name. Directories cannot have one; 1024 names are the most.</summary>
    public void CreateHardLink(string newPath, string existingPath)
    {
        RequireWritable(newPath);
        RequireFeature(newPath, VolumeFeatures.HardLinks);
        var place = Require(existingPath);
        if (Records.Get(place.Index).IsDirectory)
        {
            throw VolumeError.Refused(existingPath, "NTFS makes no hard links to directories", "Use a junction.");
        }

        if (Records.Get(place.Index).LinkCount >= MaxLinks)
        {
            throw VolumeError.Refused(existingPath, $"a file has at most {MaxLinks} names on NTFS", "Copy the file.");
        }

        var parent = NewName(newPath, out var name);
        var now = Tick();
        var link = new FileLink(parent, Tables.Names.Add(name));
        var extra = ExtraOf(place.Index);
        ref var record = ref _tree.Edit(place.Index);
        record.Extra = extra with { MoreLinks = [.. extra.MoreLinks, link] };
        record.LinkCount++;
        record.Changed = now;
        EditChildren(parent).Add(name, new DirectoryItem(place.Index, link.NameRef));
        TouchList(parent, now);
        Post(place.Index, UsnReason.HardLinkChange, link);
    }

    private FileReference Add(uint parent, ReadOnlySpan<char> name, FileRecord record, ulong? seed, bool isDirectory)
    {
        var now = Tick();
        var tunnelled = isDirectory ? null : FromTunnel(parent, name, now);
        var index = _freeIndexes.TryDequeue(out var free, out _) ? free : _nextIndex++;
        ref var slot = ref _tree.Edit(index);
        record.Sequence = slot.Sequence == 0 ? (ushort)1 : slot.Sequence;
        record.Created = tunnelled?.Created ?? now;
        record.Written = now;
        record.Changed = now;
        record.Accessed = now;
        record.Flags |= FileRecord.InUse;
        record.LinkCount = 1;
        record.Parent = parent;
        record.NameRef = Tables.Names.Add(name);
        record.SecurityId = Records.Get(parent).SecurityId;
        record.Seed = seed ?? NewSeed(index, record.Sequence);
        if (!isDirectory && (record.Attributes & FileAttributes.Encrypted) != FileAttributes.None)
        {
            record.Extra = FileExtra.None with { EfsInfo = NewEfsInfo(index) };
        }

        slot = record;
        EditChildren(parent).Add(name, new DirectoryItem(index, record.NameRef));
        NameAdded(index, new FileLink(parent, record.NameRef), name, tunnelled?.ShortName);
        TouchList(parent, now);
        if (isDirectory)
        {
            _directories++;
        }
        else
        {
            _files++;
        }

        var reference = new FileReference(index, record.Sequence);
        PostCreation(reference, record.Size > 0 ? UsnReason.DataExtend : UsnReason.None);
        RestoreObjectId(index, tunnelled);
        return reference;
    }

    /// <summary>
    /// The directory of a name that does not exist yet, and the name, both checked. The file that is to get it may have it as
    /// its short name.
    /// </summary>
    private uint NewName(string path, out ReadOnlySpan<char> name, uint renamed = 0)
    {
        ArgumentNullException.ThrowIfNull(path);
        var slash = path.LastIndexOf('/');
        var parentPath = path.AsSpan(0, Math.Max(slash, 0));
        name = path.AsSpan(slash + 1);
        var reason = !Settings.HasWindowsRules ? WindowsNames.WhyInvalidAnywhere(name)
            : TakesExtendedNames ? WindowsNames.WhyInvalidExtended(name)
            : WindowsNames.WhyInvalid(name);
        if (reason is not null)
        {
            throw VolumeError.Refused(path, reason, "Choose another name.");
        }

        var parent = LocateDirectory(parentPath)
            ?? throw VolumeError.Refused(path, $"the directory '{parentPath}' does not exist", "Create it first.");
        ref readonly var record = ref Records.Get(parent);
        RequireNotPending(path, new Place(parent, new FileLink(record.Parent, record.NameRef)));
        if (!record.IsDirectory)
        {
            throw VolumeError.Refused(path, $"'{parentPath}' is not a directory", "Choose another path.");
        }

        if (record.Extra!.Children!.Find(name) is { } present)
        {
            RequireNotPending(path, new Place(present.File, new FileLink(parent, present.NameRef)));
            throw VolumeError.Refused(
                path,
                IsExact(parent)
                    ? "the name exists already"
                    : "the name exists already (names that differ in case only are the same here)",
                "Choose another name, or delete what is there.");
        }

        if (record.Extra.Rare?.ShortChildren?.Find(name) is { } shortNamed && shortNamed.File != renamed)
        {
            throw VolumeError.Refused(
                path,
                $"the name exists already, as the short name of '{Tables.Names.Get(Records.Get(shortNamed.File).NameRef)}'",
                "Choose another name, or delete what is there.");
        }

        if (record.Extra.ReparseTag != 0 && (record.Extra.ReparseTag & ReparseTags.DirectoryBit) == 0)
        {
            throw VolumeError.Refused(path, $"'{parentPath}' is a reparse point and has no children here", "Use another path.");
        }

        return parent;
    }

    /// <summary>The record of a path; the one found last is remembered.</summary>
    private uint? LocateDirectory(ReadOnlySpan<char> path)
    {
        if (_lastDirectory.Find(Records, path) is { } remembered)
        {
            return remembered;
        }

        if (Locate(path) is not { } place)
        {
            return null;
        }

        _lastDirectory.Keep(Records, Tables.Names, path, place.Index);
        return place.Index;
    }

    private void RequireSize(string path, long sizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        if (sizeBytes > Settings.MaxFileBytes)
        {
            throw VolumeError.Refused(
                path,
                Settings.IsFat32
                    ? $"a file of {sizeBytes} bytes exceeds the {Settings.MaxFileBytes} bytes that FAT32 allows"
                    : $"a file of {sizeBytes} bytes exceeds the {Settings.MaxFileBytes} bytes that "
                        + $"{Settings.ClusterBytes}-byte clusters allow",
                "Use NTFS with larger clusters (64 KiB clusters allow 256 TiB) or several files.");
        }
    }
}
