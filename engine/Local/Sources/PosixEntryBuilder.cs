using System.Buffers.Binary;
using System.Text;
using Harness.Engine.Local.Linux;
using Harness.Engine.Model;

namespace Harness.Engine.Local.Sources;

/// <summary>Entries of a file system that speaks POSIX: everything comes from statx, and from SEEK_HOLE where blocks are missing.</summary>
internal sealed class PosixEntryBuilder : IEntryBuilder
{
    /// <summary>IO_REPARSE_TAG_SYMLINK.</summary>
    internal const uint SymbolicLinkTag = 0xA000000C;

    private const int BlockBytes = 4096;

    private (uint Mode, uint Uid, uint Gid, EntrySecurity Security) _lastSecurity;

    /// <inheritdoc/>
    public SourceEntry Build(in EntryContext context)
    {
        var status = context.Status;
        var traits = TraitsOf(context);
        return new SourceEntry
        {
            Path = context.Path,
            FileReference = status.Inode,
            ParentReference = context.ParentReference,
            Kind = KindOf(status),
            Traits = traits,
            LinkCount = status.IsDirectory ? 1 : status.LinkCount,
            ReparseTag = status.IsSymbolicLink ? SymbolicLinkTag : null,
            ReparseData = status.IsSymbolicLink ? SymbolicLinkData(context) : default,
            Times = status.Times,
            Security = SecurityOf(status),
            Streams = status.IsRegular
                ? [new SourceStream
                {
                    Name = "",
                    SizeBytes = status.SizeBytes,
                    AllocatedBytes = status.AllocatedBytes,
                    Traits = traits & (EntryTraits.Encrypted | EntryTraits.Compressed | EntryTraits.Sparse),
                }]
                : [],
        };
    }

    /// <inheritdoc/>
    public Func<long, IReadOnlyList<ByteRange>>? GetRangeProvider(SourceEntry entry, SourceStream stream) => null;

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    internal static EntryKind KindOf(in FileStatus status) =>
        status.IsRegular ? EntryKind.File
        : status.IsDirectory ? EntryKind.Directory
        : status.IsSymbolicLink ? EntryKind.SymbolicLink
        : EntryKind.Special;

    private static EntryTraits TraitsOf(in EntryContext context)
    {
        var status = context.Status;
        var traits = KindOf(status) switch
        {
            EntryKind.Directory => EntryTraits.Directory,
            EntryKind.SymbolicLink => EntryTraits.ReparsePoint,
            EntryKind.Special => EntryTraits.Special,
            _ => status.LinkCount > 1 ? EntryTraits.HardLink : EntryTraits.None,
        };
        traits |= status.IsCompressed ? EntryTraits.Compressed : EntryTraits.None;
        traits |= status.IsEncrypted ? EntryTraits.Encrypted : EntryTraits.None;
        traits |= context.IsMountPoint ? EntryTraits.MountPoint : EntryTraits.None;
        return status.IsRegular && HasHole(context) ? traits | EntryTraits.Sparse : traits;
    }

    /// <summary>
    /// Missing blocks alone prove nothing: data can lie in the inode, be compressed, or not be allocated yet. They only say
    /// for which files it is worth asking, so that plain files cost no call.
    /// </summary>
    private static bool HasHole(in EntryContext context)
    {
        var size = context.Status.SizeBytes;
        if (context.Status.AllocatedBytes >= (size + BlockBytes - 1) / BlockBytes * BlockBytes)
        {
            return false;
        }

        using var handle = LinuxFile.TryOpenForReading(context.Directory, context.Name);
        return handle is not null
            && FileStatus.TryGet(handle, out var opened)
            && opened.IsSameFile(context.Status)
            && LinuxFile.FindHole(handle, 0) is var hole
            && hole >= 0
            && hole < opened.SizeBytes;
    }

    /// <summary>The target twice, as substitute and as print name (MS-FSCC 2.1.2.4); empty when the link is gone.</summary>
    private static byte[] SymbolicLinkData(in EntryContext context)
    {
        const int headerBytes = 12;
        if (LinuxFile.TryReadLink(context.Directory, context.Name) is not { } target)
        {
            return [];
        }

        var name = Encoding.Unicode.GetBytes(target);
        var data = new byte[headerBytes + (2 * name.Length)];
        foreach (var at in new[] { 2, 4, 6 })
        {
            BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(at), (ushort)name.Length);
        }

        name.CopyTo(data, headerBytes);
        name.CopyTo(data, headerBytes + name.Length);
        return data;
    }

    private EntrySecurity SecurityOf(in FileStatus status)
    {
        // Neighbours mostly share owner and mode; one array serves them all.
        if (_lastSecurity.Security.Kind == SecurityKind.None
            || (_lastSecurity.Mode, _lastSecurity.Uid, _lastSecurity.Gid) != (status.Permissions, status.Uid, status.Gid))
        {
            _lastSecurity = (status.Permissions, status.Uid, status.Gid,
                EntrySecurity.FromPosix(status.Permissions, status.Uid, status.Gid));
        }

        return _lastSecurity.Security;
    }
}
