using Harness.Engine.Model;
using Harness.Simulator.Content;
using Harness.Simulator.Journal;

namespace Harness.Simulator.Volume;

/// <summary>How streams are stored, and the metadata of files.</summary>
public sealed partial class SimVolume
{
    private const FileAttributes StoredBits =
        FileAttributes.SparseFile | FileAttributes.Compressed | FileAttributes.Encrypted;

    private const FileAttributes SettableBits =
        FileAttributes.ReadOnly | FileAttributes.Hidden | FileAttributes.System | FileAttributes.Archive
        | FileAttributes.Temporary | FileAttributes.Offline | FileAttributes.NotContentIndexed;

    /// <summary>Makes a stream sparse or not (FSCTL_SET_SPARSE); without it, its holes are filled with zeros.</summary>
    public void SetSparse(string path, bool sparse = true)
    {
        RequireFeature(path, VolumeFeatures.SparseFiles);
        var (index, name, state) = ForWriting(path);
        SetFlags(path, index, name, state, With(state.Flags, StreamFlags.Sparse, sparse));
        TouchMetadata(index, UsnReason.BasicInfoChange);
    }

    /// <summary>
    /// Compresses or decompresses a stream, or has a directory compress the files made in it (FSCTL_SET_COMPRESSION, MS-FSA
    /// 2.1.5.10.30). Refused for encrypted ones and for clusters above 4 KiB.
    /// </summary>
    public void SetCompression(string path, bool compressed = true)
    {
        RequireWritable(path);
        if (compressed)
        {
            RequireFeature(path, VolumeFeatures.Compression);
        }

        var target = VolumePath.Parse(path, Settings);
        var place = Require(target.File);
        if (compressed && Settings.ClusterBytes > 4096)
        {
            throw VolumeError.Refused(
                path, "NTFS does not compress with clusters above 4 KiB", "Use 4 KiB clusters, or ForceState.");
        }

        ref readonly var record = ref Records.Get(place.Index);
        if (record.IsDirectory && target.Stream.Length == 0)
        {
            if (compressed && (record.Attributes & FileAttributes.Encrypted) != FileAttributes.None)
            {
                throw EncryptedAlready(path);
            }

            SetAttributeBit(place.Index, FileAttributes.Compressed, compressed);
            return;
        }

        var (index, name, state) = ForWriting(path);
        if (compressed && state.Is(StreamFlags.Encrypted))
        {
            throw EncryptedAlready(path);
        }

        SetFlags(path, index, name, state, With(state.Flags, StreamFlags.Compressed, compressed));
        TouchMetadata(index, UsnReason.CompressionChange);
    }

    /// <summary>
    /// Encrypts all streams of a file, or has a directory encrypt the files made in it (EncryptFile): compressed streams are
    /// decompressed first, and a directory keeps its own streams as they are. Refused for system and read-only files and for the
    /// root ("EncryptFileW function").
    /// </summary>
    public void Encrypt(string path)
    {
        RequireWritable(path);
        RequireFeature(path, VolumeFeatures.Encryption);
        var index = Require(path).Index;
        var attributes = Records.Get(index).Attributes;
        if (index == RootIndex)
        {
            throw VolumeError.Refused(path, "EncryptFile refuses root directories", "Encrypt a directory below it.");
        }

        if ((attributes & (FileAttributes.System | FileAttributes.ReadOnly)) != FileAttributes.None)
        {
            throw VolumeError.Refused(
                path, "EncryptFile refuses system and read-only files", "Clear the attribute first, or use ForceState.");
        }

        if (Records.Get(index).IsDirectory)
        {
            SetAttributeBit(index, FileAttributes.Compressed, false);
            SetAttributeBit(index, FileAttributes.Encrypted, true);
            return;
        }

        RequireNotOpen(path, index);
        ChangeAllStreams(path, index, flags => (flags & ~StreamFlags.Compressed) | StreamFlags.Encrypted);
        TouchMetadata(index, StorageReason(attributes, Records.Get(index).Attributes) | UsnReason.EncryptionChange);
    }

    /// <summary>Decrypts all streams of a file, or has a directory no longer encrypt (DecryptFile).</summary>
    public void Decrypt(string path)
    {
        RequireWritable(path);
        var index = Require(path).Index;
        if (Records.Get(index).IsDirectory)
        {
            SetAttributeBit(index, FileAttributes.Encrypted, false);
            DropUnusedEfsInfo(index);
            return;
        }

        RequireNotOpen(path, index);
        ChangeAllStreams(path, index, flags => flags & ~StreamFlags.Encrypted);
        DropUnusedEfsInfo(index);
        TouchMetadata(index, UsnReason.EncryptionChange);
    }

    /// <summary>
    /// Forced mode: stores one stream as asked, whatever NTFS would say, for the states that support matrices name and no real
    /// volume has (encrypted and compressed). Works on read-only files too.
    /// </summary>
    public void ForceState(string path, StreamFlags flags)
    {
        RequireWritable(path);
        var target = VolumePath.Parse(path, Settings);
        var index = Require(target.File).Index;
        if (Records.Get(index).IsDirectory && target.Stream.Length == 0)
        {
            ref var directory = ref _tree.Edit(index);
            var old = directory.Attributes;
            directory.Attributes = (directory.Attributes & ~StoredBits) | AttributesOf(flags & ~StreamFlags.Sparse);
            DropUnusedEfsInfo(index);
            TouchMetadata(index, StorageReason(old, directory.Attributes));
            return;
        }

        var state = Stream(in Records.Get(index), target.Stream) ?? throw VolumeError.Missing(path);
        SetFlags(path, index, target.Stream, state, flags);
        DropUnusedEfsInfo(index);
        TouchMetadata(index, StorageReason(AttributesOf(state.Flags), AttributesOf(flags)));
    }

    /// <summary>
    /// Turns checksums over the data on or off (FSCTL_SET_INTEGRITY_INFORMATION, MS-FSA 2.1.5.10.34); a directory passes them on
    /// to what is made in it. ReFS only.
    /// </summary>
    public void SetIntegrity(string path, bool integrity = true)
    {
        RequireWritable(path);
        RequireFeature(path, VolumeFeatures.IntegrityStreams);
        var index = Require(path).Index;
        ref var record = ref _tree.Edit(index);
        record.Attributes = integrity
            ? record.Attributes | FileAttributes.IntegrityStream
            : record.Attributes & ~FileAttributes.IntegrityStream;
        TouchMetadata(index, UsnReason.IntegrityChange);
    }

    /// <summary>Sets the attributes that programs may set (mask 0x3127); other bits keep their state, as on NTFS.</summary>
    public void SetAttributes(string path, FileAttributes attributes)
    {
        RequireWritable(path);
        var index = Require(path).Index;
        ref var record = ref _tree.Edit(index);
        var differs = record.Attributes ^ ((record.Attributes & ~SettableBits) | (attributes & SettableBits));
        record.Attributes ^= differs;
        TouchMetadata(
            index,
            UsnReason.BasicInfoChange
                | ((differs & FileAttributes.NotContentIndexed) != FileAttributes.None ? UsnReason.IndexableChange : UsnReason.None));
    }

    /// <summary>
    /// Sets times; null leaves one as it is. Setting any moves the change time, unless that is given too
    /// (FileBasicInformation).
    /// </summary>
    public void SetTimes(string path, EntryTimes times)
    {
        RequireWritable(path);
        var index = Require(path).Index;
        var now = Tick();
        ref var record = ref _tree.Edit(index);
        record.Created = times.Created?.ToFileTime() ?? record.Created;
        record.Written = times.Written?.ToFileTime() ?? record.Written;
        record.Accessed = times.Accessed?.ToFileTime() ?? record.Accessed;
        record.Changed = times.Changed?.ToFileTime() ?? now;
        Post(
            index,
            UsnReason.BasicInfoChange,
            filter: (times.Created is null ? default : NotifyFilters.CreationTime)
                | (times.Written is null ? default : NotifyFilters.LastWrite)
                | (times.Accessed is null ? default : NotifyFilters.LastAccess));
    }

    /// <summary>Moves the write and change times to now without a change of data.</summary>
    public void Touch(string path)
    {
        RequireWritable(path);
        var index = Require(path).Index;
        var now = Tick();
        ref var record = ref _tree.Edit(index);
        record.Written = now;
        record.Changed = now;
        Post(index, UsnReason.BasicInfoChange, filter: NotifyFilters.LastWrite);
    }

    /// <summary>Sets the access control, at most 64 KiB.</summary>
    public void SetSecurity(string path, EntrySecurity security)
    {
        RequireWritable(path);
        if (security.Kind != SecurityKind.None)
        {
            RequireFeature(path, VolumeFeatures.Security);
        }

        if (security.Bytes.Length > 64 * 1024)
        {
            throw VolumeError.Refused(path, "a security descriptor has at most 64 KiB", "Use a shorter one.");
        }

        var index = Require(path).Index;
        var id = Tables.Security.Intern(security);
        MoveQuota(path, index, id);
        _tree.Edit(index).SecurityId = id;
        TouchMetadata(index, UsnReason.SecurityChange);
    }

    /// <summary>Puts an $EFS stand-in in place, as a raw restore does.</summary>
    internal void SetEfsInfo(string path, ReadOnlySpan<byte> info)
    {
        var index = Require(path).Index;
        ref var record = ref _tree.Edit(index);
        record.Extra = (record.Extra ?? FileExtra.None) with { EfsInfo = info.ToArray() };
        Post(index, UsnReason.EncryptionChange);
    }

    private static UsnReason StorageReason(FileAttributes old, FileAttributes now)
    {
        var differs = old ^ now;
        return ((differs & FileAttributes.Compressed) != FileAttributes.None ? UsnReason.CompressionChange : UsnReason.None)
            | ((differs & FileAttributes.Encrypted) != FileAttributes.None ? UsnReason.EncryptionChange : UsnReason.None)
            | ((differs & FileAttributes.SparseFile) != FileAttributes.None ? UsnReason.BasicInfoChange : UsnReason.None);
    }

    private static StreamFlags With(StreamFlags flags, StreamFlags flag, bool on) => on ? flags | flag : flags & ~flag;

    private static FileAttributes AttributesOf(StreamFlags flags) =>
        ((flags & StreamFlags.Sparse) != StreamFlags.None ? FileAttributes.SparseFile : FileAttributes.None)
        | ((flags & StreamFlags.Compressed) != StreamFlags.None ? FileAttributes.Compressed : FileAttributes.None)
        | ((flags & StreamFlags.Encrypted) != StreamFlags.None ? FileAttributes.Encrypted : FileAttributes.None);

    private static Harness.Engine.Errors.BackupException EncryptedAlready(string path) => VolumeError.Refused(
        path, "NTFS does not compress what is encrypted", "Decrypt it first, or use ForceState.");

    private void SetAttributeBit(uint index, FileAttributes bit, bool on)
    {
        ref var record = ref _tree.Edit(index);
        var old = record.Attributes;
        record.Attributes = on ? record.Attributes | bit : record.Attributes & ~bit;
        TouchMetadata(index, StorageReason(old, record.Attributes));
    }

    private void SetFlags(string path, uint index, string name, StreamState state, StreamFlags flags)
    {
        var extents = state.Is(StreamFlags.Sparse) && (flags & StreamFlags.Sparse) == StreamFlags.None
            ? FillHoles(state)
            : state.Extents;
        Store(path, index, name, state, state.Size, flags, extents);
    }

    private static ExtentMap FillHoles(StreamState state) => ExtentMap.Empty.Replace(
        0,
        0,
        [
            .. state.Extents.Slice(0, state.Size)
                .Select(extent => extent.Kind == ExtentKind.Hole ? extent with { Kind = ExtentKind.Zero } : extent),
        ]);

    private void ChangeAllStreams(string path, uint index, Func<StreamFlags, StreamFlags> change)
    {
        var streams = ExtraOf(index).Streams.Select(stream => stream.Name).Prepend("")
            .Select(name => (Name: name, State: Stream(in Records.Get(index), name)!)).ToArray();
        var growth = streams.Sum(stream => Math.Max(
            0,
            Tables.Allocation.Allocated(stream.State.Size, change(stream.State.Flags), stream.State.Extents)
                - stream.State.AllocatedBytes));
        if (growth > FreeBytes)
        {
            throw VolumeError.Full(path, growth, FreeBytes);
        }

        foreach (var (name, state) in streams)
        {
            SetFlags(path, index, name, state, change(state.Flags));
        }
    }

    /// <summary>A key of its own for each file and each encryption, from the volume's seed and the time.</summary>
    private byte[] NewEfsInfo(uint index) => EfsCipher.MakeInfo(Mix.Of(NewSeed(index, 0xEF5), (ulong)_lastTick));
}
