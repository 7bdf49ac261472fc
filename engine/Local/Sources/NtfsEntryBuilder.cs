using System.Buffers.Binary;
using System.Text;
using Harness.Engine.Local.Linux;
using Harness.Engine.Local.Ntfs;
using Harness.Engine.Model;

namespace Harness.Engine.Local.Sources;

/// <summary>
/// Entries of an NTFS volume behind a Linux driver: attributes, reparse data, EFS, times, security and streams as NTFS has
/// them. What the driver cannot say (flags of named streams, names without the 8.3 one, allocated clusters) comes from the
/// volume's own records when the device may be read.
/// </summary>
internal sealed class NtfsEntryBuilder(NtfsRawVolume? volume) : IEntryBuilder
{
    private const int EfsBlockBytes = 512;
    private const int EfsTrailerBytes = 2;
    private const int ReparseHeaderBytes = 8;

    private readonly NtfsRawVolume? _volume = volume;
    private readonly Dictionary<uint, EntrySecurity> _security = [];

    internal static NtfsEntryBuilder For(SourceRoot root) => new(NtfsRawVolume.TryOpen(root.Mount!.Source));

    /// <inheritdoc/>
    public SourceEntry Build(in EntryContext context)
    {
        var path = $"{LinuxFile.ProcPath(context.Directory)}/{context.Name}";
        var attributes = ReadAttributes(path, context);
        var record = FindRecord(context);
        var isDirectory = (attributes & NtfsAttributes.Directory) != 0 || context.Status.IsDirectory;
        var linkCount = isDirectory ? 1 : CountLinks(path, context, record);
        var traits = TraitsOf(context, attributes, isDirectory, linkCount);
        var reparse = (attributes & NtfsAttributes.ReparsePoint) != 0 ? ReadReparse(path, context) : null;
        return new SourceEntry
        {
            Path = context.Path,
            FileReference = context.Status.Inode,
            ParentReference = context.ParentReference,
            Kind = isDirectory ? EntryKind.Directory
                : context.Status.IsRegular || (attributes & NtfsAttributes.ReparsePoint) != 0 ? EntryKind.File
                : PosixEntryBuilder.KindOf(context.Status),
            Traits = traits,
            LinkCount = linkCount,
            Attributes = attributes,
            ReparseTag = reparse is null ? null : BinaryPrimitives.ReadUInt32LittleEndian(reparse),
            ReparseData = reparse is { Length: > ReparseHeaderBytes } ? reparse.AsMemory(ReparseHeaderBytes) : default,
            Times = ReadTimes(path) ?? context.Status.Times,
            Security = ReadSecurity(path, context.Status, record),
            EncryptionInfo = (attributes & NtfsAttributes.Encrypted) != 0
                ? LinuxFile.TryGetAttribute(path, NtfsAttributeNames.EfsInfo) ?? []
                : [],
            Streams = ReadStreams(path, context, attributes, isDirectory, record),
        };
    }

    /// <inheritdoc/>
    public Func<long, IReadOnlyList<ByteRange>>? GetRangeProvider(SourceEntry entry, SourceStream stream)
    {
        if (_volume is null || !stream.Traits.HasFlag(EntryTraits.Sparse) || stream.RawSizeBytes is not null)
        {
            return null;
        }

        return length => _volume.TryReadRecord(entry.FileReference)?.FindData(stream.Name)?.Ranges(length)
            ?? [new ByteRange(0, length)];
    }

    /// <inheritdoc/>
    public void Dispose() => _volume?.Dispose();

    private static uint ReadAttributes(string path, in EntryContext context)
    {
        Span<byte> value = stackalloc byte[4];
        return LinuxFile.TryGetFixedAttribute(path, NtfsAttributeNames.Attributes, value)
            ? BinaryPrimitives.ReadUInt32LittleEndian(value)
            : throw Errno.ToSourceError(Errno.Last, context.Path, "Cannot read the NTFS attributes of");
    }

    private static EntryTimes? ReadTimes(string path)
    {
        Span<byte> value = stackalloc byte[32];
        if (!LinuxFile.TryGetFixedAttribute(path, NtfsAttributeNames.Times, value))
        {
            return null;
        }

        return new EntryTimes(
            Timestamp.FromFileTime(BinaryPrimitives.ReadInt64LittleEndian(value)),
            Timestamp.FromFileTime(BinaryPrimitives.ReadInt64LittleEndian(value[8..])),
            Timestamp.FromFileTime(BinaryPrimitives.ReadInt64LittleEndian(value[24..])),
            Timestamp.FromFileTime(BinaryPrimitives.ReadInt64LittleEndian(value[16..])));
    }

    private EntrySecurity ReadSecurity(string path, in FileStatus status, MftRecord? record)
    {
        // Files share descriptors by number, and a number never changes its meaning.
        if (record is { SecurityId: > 0 } && _security.TryGetValue(record.SecurityId, out var known))
        {
            return known;
        }

        if (LinuxFile.TryGetAttribute(path, NtfsAttributeNames.Acl) is not { Length: > 0 } descriptor)
        {
            return EntrySecurity.FromPosix(status.Permissions, status.Uid, status.Gid);
        }

        var security = new EntrySecurity(SecurityKind.Windows, descriptor);
        if (record is { SecurityId: > 0 })
        {
            _security[record.SecurityId] = security;
        }

        return security;
    }

    private static byte[] ReadReparse(string path, in EntryContext context) =>
        LinuxFile.TryGetAttribute(path, NtfsAttributeNames.ReparseData) is { Length: >= 4 } data
            ? data
            : throw Errno.ToSourceError(Errno.Last, context.Path, "Cannot read the reparse data of");

    private static EntryTraits TraitsOf(in EntryContext context, uint attributes, bool isDirectory, uint linkCount)
    {
        var traits = StreamTraits(attributes);
        traits |= isDirectory ? EntryTraits.Directory : EntryTraits.None;
        traits |= linkCount > 1 ? EntryTraits.HardLink : EntryTraits.None;
        traits |= (attributes & NtfsAttributes.ReparsePoint) != 0 || context.Status.IsSymbolicLink
            ? EntryTraits.ReparsePoint
            : EntryTraits.None;
        traits |= context.IsMountPoint ? EntryTraits.MountPoint : EntryTraits.None;
        var isSpecial = !context.Status.IsRegular && !context.Status.IsDirectory && !context.Status.IsSymbolicLink;
        return isSpecial ? traits | EntryTraits.Special : traits;
    }

    private static EntryTraits StreamTraits(uint attributes) =>
        ((attributes & NtfsAttributes.Encrypted) != 0 ? EntryTraits.Encrypted : EntryTraits.None)
        | ((attributes & NtfsAttributes.Compressed) != 0 ? EntryTraits.Compressed : EntryTraits.None)
        | ((attributes & NtfsAttributes.SparseFile) != 0 ? EntryTraits.Sparse : EntryTraits.None);

    /// <summary>
    /// Counts the names that a person gave. The driver counts the 8.3 name too; it has one of its own when it differs from
    /// the name at hand.
    /// </summary>
    private static uint CountLinks(string path, in EntryContext context, MftRecord? record)
    {
        if (record is not null)
        {
            return Math.Max(1, record.LinkCount);
        }

        var count = context.Status.LinkCount;
        return count > 1
            && LinuxFile.TryGetAttribute(path, NtfsAttributeNames.DosName) is { Length: > 0 } dosName
            && !string.Equals(Encoding.UTF8.GetString(dosName), context.Name, StringComparison.OrdinalIgnoreCase)
            ? count - 1
            : count;
    }

    private static List<SourceStream> ReadStreams(
        string path, in EntryContext context, uint attributes, bool isDirectory, MftRecord? record)
    {
        var streams = new List<SourceStream>();
        var isReparse = (attributes & NtfsAttributes.ReparsePoint) != 0;
        if (!isDirectory && (context.Status.IsRegular || isReparse))
        {
            streams.Add(Unnamed(context, attributes, isReparse, record));
        }

        // A call to the driver costs more than the whole record: a file known to have no streams is not asked for them.
        var list = record is { HasNamedStreams: false }
            ? []
            : LinuxFile.TryGetAttribute(path, NtfsAttributeNames.StreamList) ?? [];
        foreach (var name in Encoding.UTF8.GetString(list).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Order(StringComparer.Ordinal))
        {
            streams.Add(Named(context, name, attributes, record));
        }

        return streams;
    }

    private static SourceStream Unnamed(in EntryContext context, uint attributes, bool isReparse, MftRecord? record)
    {
        var data = record?.FindData("");
        if (isReparse)
        {
            // The driver shows a link in its place; its own data is out of reach and skipped by the rules anyway.
            return new SourceStream
            {
                Name = "",
                SizeBytes = data?.SizeBytes ?? 0,
                AllocatedBytes = data?.AllocatedBytes ?? 0,
                Traits = StreamTraits(attributes),
            };
        }

        var size = context.Status.SizeBytes;
        var logical = (attributes & NtfsAttributes.Encrypted) == 0 ? null : FindLogicalSize(context, context.Name, size);
        return new SourceStream
        {
            Name = "",
            SizeBytes = logical ?? size,
            RawSizeBytes = logical is null ? null : size,
            AllocatedBytes = context.Status.AllocatedBytes,
            Traits = StreamTraits(attributes),
        };
    }

    private static SourceStream Named(in EntryContext context, string name, uint attributes, MftRecord? record)
    {
        var full = (context.Name == "." ? "" : context.Name) + ":" + name;
        var size = FileStatus.TryGet(context.Directory, full, out var status) ? status.SizeBytes : 0;
        var data = record?.FindData(name);

        // Without the volume's records a new stream is taken to be stored as its file is, which is what NTFS does by itself.
        var traits = data?.Traits
            ?? StreamTraits(attributes & (NtfsAttributes.Compressed | NtfsAttributes.Encrypted));
        var logical = traits.HasFlag(EntryTraits.Encrypted) ? FindLogicalSize(context, full, size) : null;
        return new SourceStream
        {
            Name = name,
            SizeBytes = data?.SizeBytes ?? logical ?? size,
            RawSizeBytes = logical is null ? null : size,
            AllocatedBytes = data?.AllocatedBytes ?? status.AllocatedBytes,
            Traits = traits | EntryTraits.NamedStream,
        };
    }

    /// <summary>
    /// With the mount option efs_raw the driver shows ciphertext padded to 512 bytes and two bytes that say how much padding
    /// there is. Null when the stream is not shown in that form and so cannot be read.
    /// </summary>
    private static long? FindLogicalSize(in EntryContext context, string name, long rawBytes)
    {
        if (rawBytes == 0)
        {
            return 0;
        }

        if (rawBytes % EfsBlockBytes != EfsTrailerBytes)
        {
            return null;
        }

        using var handle = LinuxFile.TryOpenForReading(context.Directory, name);
        Span<byte> trailer = stackalloc byte[EfsTrailerBytes];
        var count = handle is null ? 0 : LinuxFile.Read(handle, rawBytes - EfsTrailerBytes, trailer);
        if (count != EfsTrailerBytes)
        {
            // ntfs-3g fails a read that begins where whole pages of data end: only then is there no padding before the trailer.
            const int pageBytes = 4096;
            return count == -Errno.IO && (rawBytes - EfsTrailerBytes) % pageBytes == 0 ? rawBytes - EfsTrailerBytes : null;
        }

        var padding = BinaryPrimitives.ReadUInt16LittleEndian(trailer);
        return padding < EfsBlockBytes ? rawBytes - EfsTrailerBytes - padding : null;
    }

    /// <summary>The record of a file, only when it tells the same as the driver: the device may not be what is mounted.</summary>
    private MftRecord? FindRecord(in EntryContext context)
    {
        var record = _volume?.TryReadRecord(context.Status.Inode);
        return record is not null && (context.Name == "." || record.HasName(context.Name)) ? record : null;
    }
}
