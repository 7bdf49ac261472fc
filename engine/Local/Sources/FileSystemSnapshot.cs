using System.Buffers.Binary;
using System.IO.Abstractions;
using System.Security.Cryptography;
using System.Text;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Engine.Local.Sources;

/// <summary>The live content of an <see cref="IFileSystem"/> directory seen as a snapshot.</summary>
internal sealed class FileSystemSnapshot(IFileSystem files, string root, DateTimeOffset takenAt) : ISnapshot
{
    private readonly IFileSystem _files = files;
    private readonly string _root = root;

    /// <inheritdoc/>
    public DateTimeOffset TakenAt { get; } = takenAt;

    /// <inheritdoc/>
    public ConsistencyLevel Consistency => ConsistencyLevel.Crash;

    /// <inheritdoc/>
    public IAsyncEnumerable<SourceItem> EnumerateAsync(CancellationToken cancellationToken) =>
        List(cancellationToken).ToAsyncEnumerable();

    /// <inheritdoc/>
    public ValueTask<ISourceReader> OpenAsync(SourceEntry entry, SourceStream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(stream);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return ValueTask.FromResult<ISourceReader>(new FileSystemReader(_files, FullPath(entry.Path), entry.Path));
        }
        catch (Exception error) when (FileSystemErrors.IsExpected(error))
        {
            throw FileSystemErrors.ToSourceError(error, entry.Path);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsAliveAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(_files.Directory.Exists(_root));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Stands for an identity where there is none: the same for the same path in every run and process.</summary>
    private static ulong ReferenceOf(string path) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.Unicode.GetBytes(path)));

    private static Timestamp ToTimestamp(DateTime time) => Timestamp.From(new DateTimeOffset(time, TimeSpan.Zero));

    private static EntryTraits TraitsOf(IFileSystemInfo info, FileAttributes attributes)
    {
        var traits = EntryTraits.None;
        traits |= attributes.HasFlag(FileAttributes.Directory) ? EntryTraits.Directory : EntryTraits.None;
        traits |= attributes.HasFlag(FileAttributes.Encrypted) ? EntryTraits.Encrypted : EntryTraits.None;
        traits |= attributes.HasFlag(FileAttributes.Compressed) ? EntryTraits.Compressed : EntryTraits.None;
        traits |= attributes.HasFlag(FileAttributes.SparseFile) ? EntryTraits.Sparse : EntryTraits.None;
        traits |= attributes.HasFlag(FileAttributes.Device) ? EntryTraits.Special : EntryTraits.None;
        var isLink = attributes.HasFlag(FileAttributes.ReparsePoint) || info.LinkTarget is not null;
        return isLink ? traits | EntryTraits.ReparsePoint : traits;
    }

    private IEnumerable<SourceItem> List(CancellationToken cancellationToken)
    {
        var pending = new Stack<(IFileSystemInfo Info, string Path, string ParentPath)>();
        pending.Push((_files.DirectoryInfo.FromDirectoryName(_root), "", ""));
        while (pending.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var item = Describe(next.Info, next.Path, next.ParentPath);
            yield return item;
            var descends = item.Entry is { Kind: EntryKind.Directory } entry
                && (entry.Path.Length == 0 || (entry.Traits & EntryTraits.ReparsePoint) == EntryTraits.None);
            if (!descends)
            {
                continue;
            }

            if (TryList(next.Info.FullName, next.Path, out var children) is { } trouble)
            {
                yield return SourceItem.Of(trouble);
            }

            foreach (var child in children)
            {
                var path = next.Path.Length == 0 ? child.Name : next.Path + "/" + child.Name;
                pending.Push((child, path, next.Path));
            }
        }
    }

    /// <summary>Lists in reverse order, since the caller puts them on a stack.</summary>
    private SourceReadException? TryList(string fullPath, string path, out List<IFileSystemInfo> children)
    {
        children = [];
        try
        {
            children.AddRange(_files.DirectoryInfo.FromDirectoryName(fullPath).EnumerateFileSystemInfos());
        }
        catch (Exception error) when (FileSystemErrors.IsExpected(error))
        {
            return FileSystemErrors.ToSourceError(error, path);
        }
        finally
        {
            children.Sort(static (left, right) => string.CompareOrdinal(right.Name, left.Name));
        }

        return null;
    }

    private static SourceItem Describe(IFileSystemInfo info, string path, string parentPath)
    {
        try
        {
            return SourceItem.Of(Build(info, path, parentPath));
        }
        catch (Exception error) when (FileSystemErrors.IsExpected(error))
        {
            return SourceItem.Of(FileSystemErrors.ToSourceError(error, path));
        }
    }

    private static SourceEntry Build(IFileSystemInfo info, string path, string parentPath)
    {
        var attributes = info.Attributes;
        var traits = TraitsOf(info, attributes);
        var isDirectory = (traits & EntryTraits.Directory) != EntryTraits.None;
        var isLink = (traits & EntryTraits.ReparsePoint) != EntryTraits.None;
        var length = isDirectory || isLink ? 0 : ((IFileInfo)info).Length;
        return new SourceEntry
        {
            Path = path,
            FileReference = ReferenceOf(path),
            ParentReference = ReferenceOf(parentPath),
            Kind = isDirectory ? EntryKind.Directory
                : (traits & EntryTraits.Special) != EntryTraits.None ? EntryKind.Special
                : EntryKind.File,
            Traits = traits,
            Attributes = (uint)attributes,
            ReparseTag = isLink ? PosixEntryBuilder.SymbolicLinkTag : null,
            Times = new EntryTimes(
                ToTimestamp(info.CreationTimeUtc),
                ToTimestamp(info.LastWriteTimeUtc),
                Changed: null,
                ToTimestamp(info.LastAccessTimeUtc)),
            Streams = isDirectory
                ? []
                : [new SourceStream
                {
                    Name = "",
                    SizeBytes = length,
                    AllocatedBytes = length,
                    Traits = traits & (EntryTraits.Encrypted | EntryTraits.Compressed | EntryTraits.Sparse),
                }],
        };
    }

    private string FullPath(string path) =>
        path.Length == 0 ? _root : _files.Path.Combine([_root, .. path.Split('/')]);
}
