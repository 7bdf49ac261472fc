using Harness.Engine.Errors;
using Harness.Engine.Local.Linux;
using Harness.Engine.Local.Ntfs;
using Harness.Engine.Local.Sources;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Targets;

/// <summary>
/// Writes one file under a temporary name and renames it; on anything but NTFS it is opened once. On NTFS a compressed file is made inside a compressed directory
/// of its own, since the drivers of Linux compress only what is born compressed. One thread at a time.
/// </summary>
internal sealed class FileWriter : IDisposable
{
    internal const uint PrivateFile = 0x180; // 0600 until the file is finished.

    private const uint PrivateDirectory = 0x1c0;
    private const string NameInStaging = "file";
    private const int CreateFlags =
        OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NonBlocking;

    private readonly DirectoryWalker _walker;
    private readonly string _path;
    private readonly RestoreMetadata _metadata;
    private readonly bool _isNtfs;
    private readonly string? _stagingName;
    private readonly SafeFileHandle? _staging;
    private readonly string _temporaryName;
    private readonly List<string> _notes = [];
    private SafeFileHandle? _file;
    private StreamSink? _sink;
    private bool _hasRawStream;
    private bool _isDone;

    private FileWriter(DirectoryWalker walker, string path, RestoreMetadata metadata, bool isNtfs, string temporaryName)
    {
        (_walker, _path, _metadata, _isNtfs, _temporaryName) = (walker, path, metadata, isNtfs, temporaryName);
        if (isNtfs && (metadata.Traits & EntryTraits.Compressed) != EntryTraits.None)
        {
            (_stagingName, _temporaryName) = (temporaryName, NameInStaging);
            _staging = InParent((parent, _) => MakeCompressedFolder(parent, temporaryName));
        }
    }

    internal IReadOnlyList<string> Notes => _notes;

    /// <summary>Begins a file; its directory is found again, without following links, whenever it is needed.</summary>
    internal static FileWriter Create(
        DirectoryWalker walker, string path, RestoreMetadata metadata, bool isNtfs, string temporaryName)
    {
        var writer = new FileWriter(walker, path, metadata, isNtfs, temporaryName);
        try
        {
            writer._file = writer.Open(writer._temporaryName, CreateFlags);
            return writer;
        }
        catch (BackupException)
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Begins a stream; see <see cref="IRestoreWriter.BeginStreamAsync"/>.</summary>
    internal void Begin(string name, long sizeBytes, long? rawSizeBytes, EntryTraits traits)
    {
        EndStream();
        if (name.Length > 0 && !_isNtfs)
        {
            _notes.Add($"named stream '{name}' is not kept here ({sizeBytes} bytes)");
            return;
        }

        TargetErrors.RequireEncodable(name);
        _hasRawStream |= rawSizeBytes is not null;
        var isOwn = name.Length > 0;
        var file = isOwn ? Open($"{_temporaryName}:{name}", OpenFlags.ReadWrite | OpenFlags.Create) : _file!;
        var isSparse = (traits & EntryTraits.Sparse) != EntryTraits.None && rawSizeBytes is null;
        _sink = new StreamSink(_path, file, isOwn, rawSizeBytes ?? sizeBytes, isSparse, canPreallocate: !_isNtfs);
    }

    /// <summary>Writes bytes of the stream begun last.</summary>
    internal void Write(long offset, ReadOnlySpan<byte> content) => _sink?.Write(offset, content);

    /// <summary>
    /// Makes the file appear; what it is then, or null where something is there that must not be replaced. With
    /// <paramref name="isNew"/> nothing is.
    /// </summary>
    internal UInt128? Finish(bool isNew)
    {
        EndStream();

        if (_isNtfs)
        {
            // Opened anew: the driver of a compressed file writes its last block, and the time of it, at the close before.
            _file!.Dispose();
            _file = Open(_temporaryName, OpenFlags.ReadOnly);
        }

        _ = FileStatus.TryGet(_file!, out var status);
        MetadataWriter.ApplyEncryption(_file!, _metadata, _hasRawStream, _isNtfs, _notes);
        MetadataWriter.Apply(_file!, status, _path, _metadata, _isNtfs, _notes);
        if (InParent((parent, name) => Rename(parent, name, isNew)) is var errno and not 0)
        {
            return isNew && errno == Errno.Exists ? null : throw TargetErrors.At(_path, errno);
        }

        _isDone = true;
        if (_isNtfs && (_metadata.Attributes & NtfsAttributes.Archive) == 0)
        {
            // The driver marks what is renamed as to be archived.
            MetadataWriter.ApplyAttributes(_file!, _metadata, _isNtfs, _notes);
        }

        return status.Identity;
    }

    /// <summary>Leaves nothing of a file that is not finished.</summary>
    public void Dispose()
    {
        _sink?.Dispose();
        _sink = null;
        _file?.Dispose();
        _file = null;
        if (_isDone && _staging is null)
        {
            return;
        }

        // What cannot be removed any more keeps a name that says whose it is.
        _ = _walker.InParent(_path, RemoveTemporary, out _);
        _staging?.Dispose();
    }

    private bool RemoveTemporary(SafeFileHandle parent, string name)
    {
        if (!_isDone)
        {
            _ = NativeMethods.UnlinkAt(_staging ?? parent, _temporaryName, 0);
        }

        return _stagingName is null || NativeMethods.UnlinkAt(parent, _stagingName, NativeMethods.AtRemoveDirectory) == 0;
    }

    private int Rename(SafeFileHandle parent, string name, bool isNew) =>
        isNew ? ExclusiveRename.To(_staging ?? parent, _temporaryName, parent, name)
        : NativeMethods.RenameAt(_staging ?? parent, _temporaryName, parent, name) == 0 ? 0
        : Errno.Last;

    private SafeFileHandle MakeCompressedFolder(SafeFileHandle parent, string name)
    {
        if (NativeMethods.MkDirAt(parent, name, PrivateDirectory) != 0)
        {
            throw TargetErrors.At(_path, Errno.Last);
        }

        var folder = LinuxFile.TryOpenDirectory(parent, name) ?? throw TargetErrors.At(_path, Errno.Last);
        Span<byte> value = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(value, NtfsAttributes.Compressed);
        if (LinuxFile.SetAttribute(folder, NtfsAttributeNames.Attributes, value) is var errno and not 0)
        {
            _notes.Add($"compressed attribute: {Errno.Describe(errno)}");
        }

        return folder;
    }

    private SafeFileHandle Open(string name, int flags) => _staging is null
        ? InParent((parent, _) => OpenIn(parent, name, flags))
        : OpenIn(_staging, name, flags);

    private SafeFileHandle OpenIn(SafeFileHandle folder, string name, int flags) =>
        LinuxFile.TryOpen(folder, name, flags | OpenFlags.NoFollow, PrivateFile) ?? throw TargetErrors.At(_path, Errno.Last);

    private T InParent<T>(Func<SafeFileHandle, string, T> action)
    {
        var result = _walker.InParent(_path, action, out var errno);
        return errno == 0 ? result! : throw TargetErrors.OnTheWay(_path, errno);
    }

    private void EndStream()
    {
        _sink?.Finish();
        _sink?.Dispose();
        _sink = null;
    }
}
