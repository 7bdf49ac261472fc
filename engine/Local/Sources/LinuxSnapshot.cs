using System.Text;
using Harness.Engine.Errors;
using Harness.Engine.Local.Linux;
using Harness.Engine.Local.Ntfs;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Sources;

/// <summary>The live directory seen as a snapshot: it owns the open root and a few open directories.</summary>
internal sealed class LinuxSnapshot(SourceRoot root, DateTimeOffset takenAt) : ISnapshot, IRareMetadata
{
    private readonly SourceRoot _root = root;
    private readonly DirectoryWalker _walker = new(root.Handle);
    private readonly IEntryBuilder _builder = root.IsNtfs ? NtfsEntryBuilder.For(root) : new PosixEntryBuilder();

    /// <inheritdoc/>
    public DateTimeOffset TakenAt { get; } = takenAt;

    /// <inheritdoc/>
    public ConsistencyLevel Consistency => ConsistencyLevel.Crash;

    /// <inheritdoc/>
    public IAsyncEnumerable<SourceItem> EnumerateAsync(CancellationToken cancellationToken) =>
        new TreeListing(_root, _builder).ListAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ISourceReader> OpenAsync(SourceEntry entry, SourceStream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(stream);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<ISourceReader>(Open(entry, stream));
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsAliveAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_root.IsStillThere());

    /// <inheritdoc/>
    public ValueTask<RareEntryMetadata> ReadRareMetadataAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(
            _root.IsNtfs ? _walker.InParent(entry.Path, ReadRare, out _) ?? RareEntryMetadata.None : RareEntryMetadata.None);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _builder.Dispose();
        _walker.Dispose();
        _root.Dispose();
        return ValueTask.CompletedTask;
    }

    private static RareEntryMetadata ReadRare(SafeFileHandle directory, string name)
    {
        var path = $"{LinuxFile.ProcPath(directory)}/{name}";
        var shortName = LinuxFile.TryGetAttribute(path, NtfsAttributeNames.DosName);
        return new RareEntryMetadata
        {
            ShortName = shortName is { Length: > 0 } ? Encoding.UTF8.GetString(shortName).TrimEnd('\0') : null,
            ObjectId = LinuxFile.TryGetAttribute(path, NtfsAttributeNames.ObjectId),
            ExtendedAttributes = LinuxFile.TryGetAttribute(path, NtfsAttributeNames.ExtendedAttributes) is { } stored
                ? NtfsAttributeList.FromStored(stored)
                : null,
        };
    }

    private LinuxStreamReader Open(SourceEntry entry, SourceStream stream)
    {
        var suffix = stream.Name.Length == 0 ? "" : ":" + stream.Name;
        var shownPath = entry.Path + suffix;
        var errno = 0;
        SafeFileHandle? TryOpen(SafeFileHandle directory, string name)
        {
            // For a stream of the root the name is empty: ":stream" means the directory itself.
            var opened = LinuxFile.TryOpenForReading(directory, name + suffix);
            errno = opened is null ? Errno.Last : 0;
            return opened;
        }

        var handle = _walker.InParent(entry.Path, TryOpen, out var pathErrno);
        if (handle is null)
        {
            throw Errno.ToSourceError(pathErrno != 0 ? pathErrno : errno, shownPath, "Cannot open");
        }

        if (!FileStatus.TryGet(handle, out var status) || !status.IsRegular || status.Inode != entry.FileReference)
        {
            handle.Dispose();
            throw new SourceReadException(
                shownPath, SourceFault.Vanished, $"'{shownPath}' is no longer the file that was listed.");
        }

        return new LinuxStreamReader(
            shownPath, handle, status, _builder.GetRangeProvider(entry, stream), RawPaddingOf(stream, status));
    }

    /// <summary>Null when the stream is not raw, or no longer as long as it was listed.</summary>
    private static ushort? RawPaddingOf(SourceStream stream, in FileStatus status) =>
        stream.RawSizeBytes is { } raw and > 0 && raw == status.SizeBytes
            ? (ushort)(raw - sizeof(ushort) - stream.SizeBytes)
            : null;
}
