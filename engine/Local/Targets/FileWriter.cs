using Harness.Engine.Errors;
using Harness.Engine.Local.Linux;
using Harness.Engine.Local.Ntfs;
using Harness.Engine.Local.Sources;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Targets;

/// <summary>
/// Writes one file under a temporary name and renames it. On NTFS a compressed file is made inside a compressed directory
/// of its own, since the drivers of Linux compress only what is born compressed.
/// </summary>
internal sealed class FileWriter : IRestoreWriter
{
    internal const uint PrivateFile = 0x180; // 0600 until the file is finished.

    private const uint PrivateDirectory = 0x1c0;
    private const string NameInStaging = "file";
    private const int CreateFlags =
        OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NonBlocking;

    private readonly string _path;
    private readonly string _name;
    private readonly RestoreMetadata _metadata;
    private readonly bool _isNtfs;
    private readonly SafeFileHandle _parent;
    private readonly string? _stagingName;
    private readonly SafeFileHandle _folder;
    private readonly string _temporaryName;
    private readonly List<string> _notes = [];
    private StreamSink? _sink;
    private bool _hasRawStream;
    private bool _isDone;

    private FileWriter(
        string path, SafeFileHandle parent, string name, RestoreMetadata metadata, bool isNtfs, string temporaryName)
    {
        (_path, _name, _metadata, _isNtfs) = (path, name, metadata, isNtfs);
        _parent = parent;
        (_folder, _temporaryName) = (parent, temporaryName);
        if (isNtfs && (metadata.Traits & EntryTraits.Compressed) != EntryTraits.None)
        {
            _stagingName = temporaryName;
            (_folder, _temporaryName) = (MakeCompressedFolder(temporaryName), NameInStaging);
        }
    }

    /// <summary>Begins a file in an open directory, of which it keeps a handle of its own.</summary>
    internal static FileWriter Create(
        string path, SafeFileHandle directory, string name, RestoreMetadata metadata, bool isNtfs, string temporaryName)
    {
        var parent = LinuxFile.TryOpen(directory, ".", OpenFlags.ReadOnly | OpenFlags.Directory)
            ?? throw TargetErrors.At(path, Errno.Last);
        FileWriter writer;
        try
        {
            writer = new FileWriter(path, parent, name, metadata, isNtfs, temporaryName);
        }
        catch (BackupException)
        {
            parent.Dispose();
            throw;
        }

        try
        {
            using var file = writer.Open(writer._temporaryName, CreateFlags);
            return writer;
        }
        catch (BackupException)
        {
            writer.Discard();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask BeginStreamAsync(
        string name, long sizeBytes, long? rawSizeBytes, EntryTraits traits, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        EndStream();
        if (name.Length > 0 && !_isNtfs)
        {
            _notes.Add($"named stream '{name}' is not kept here ({sizeBytes} bytes)");
            return ValueTask.CompletedTask;
        }

        TargetErrors.RequireEncodable(name);
        _hasRawStream |= rawSizeBytes is not null;
        var file = name.Length == 0
            ? Open(_temporaryName, OpenFlags.ReadWrite)
            : Open($"{_temporaryName}:{name}", OpenFlags.ReadWrite | OpenFlags.Create);
        var isSparse = (traits & EntryTraits.Sparse) != EntryTraits.None && rawSizeBytes is null;
        _sink = new StreamSink(_path, file, rawSizeBytes ?? sizeBytes, isSparse, canPreallocate: !_isNtfs);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _sink?.Write(offset, content.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FinishAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        EndStream();

        // Opened anew: the driver of a compressed file writes its last block, and the time of it, at the close before.
        using var file = Open(_temporaryName, OpenFlags.ReadOnly);
        MetadataWriter.ApplyEncryption(file, _metadata, _hasRawStream, _isNtfs, _notes);
        MetadataWriter.Apply(file, _path, _metadata, _isNtfs, _notes);
        if (NativeMethods.RenameAt(_folder, _temporaryName, _parent, _name) != 0)
        {
            throw TargetErrors.At(_path, Errno.Last);
        }

        _isDone = true;
        if (_isNtfs && (_metadata.Attributes & NtfsAttributes.Archive) == 0)
        {
            // The driver marks what is renamed as to be archived.
            MetadataWriter.ApplyAttributes(file, _metadata, _isNtfs, _notes);
        }

        return ValueTask.FromResult<IReadOnlyList<string>>(_notes);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Discard();
        return ValueTask.CompletedTask;
    }

    private void Discard()
    {
        _sink?.Dispose();
        _sink = null;
        if (!_isDone)
        {
            _ = NativeMethods.UnlinkAt(_folder, _temporaryName, 0);
        }

        if (_stagingName is not null)
        {
            _folder.Dispose();
            _ = NativeMethods.UnlinkAt(_parent, _stagingName, NativeMethods.AtRemoveDirectory);
        }

        _parent.Dispose();
    }

    private SafeFileHandle MakeCompressedFolder(string name)
    {
        if (NativeMethods.MkDirAt(_parent, name, PrivateDirectory) != 0)
        {
            throw TargetErrors.At(_path, Errno.Last);
        }

        var folder = LinuxFile.TryOpenDirectory(_parent, name) ?? throw TargetErrors.At(_path, Errno.Last);
        Span<byte> value = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(value, NtfsAttributes.Compressed);
        if (LinuxFile.SetAttribute(folder, NtfsAttributeNames.Attributes, value) is var errno and not 0)
        {
            _notes.Add($"compressed attribute: {Errno.Describe(errno)}");
        }

        return folder;
    }

    private SafeFileHandle Open(string name, int flags) =>
        LinuxFile.TryOpen(_folder, name, flags | OpenFlags.NoFollow, PrivateFile) ?? throw TargetErrors.At(_path, Errno.Last);

    private void EndStream()
    {
        _sink?.Finish();
        _sink?.Dispose();
        _sink = null;
    }
}
