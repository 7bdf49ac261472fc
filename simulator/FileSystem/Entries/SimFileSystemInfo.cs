using System.IO.Abstractions;
using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Paths;

namespace Harness.Simulator.FileSystem.Entries;

/// <summary>
/// What FileInfo and DirectoryInfo share. Attributes, times and size are read at the first question and kept until Refresh,
/// or until this object itself changes something, as in .NET. Any thread that owns the object.
/// </summary>
internal abstract class SimFileSystemInfo(SimFileSystem owner, string fullPath, string originalPath) : IFileSystemInfo
{
    private EntryState? _state;

    public IFileSystem FileSystem => Owner;

    public string FullName { get; private set; } = fullPath;

    public abstract string Name { get; }

    public abstract bool Exists { get; }

    public string Extension => PathNames.Extension(FullName).ToString();

    public string? LinkTarget => State.LinkTarget;

    public FileAttributes Attributes
    {
        get => Readable.Attributes;
        set => Change(() => Metadata.SetAttributes(Owner, FullName, value));
    }

    public DateTime CreationTime
    {
        get => DateTime.FromFileTime(Readable.Created);
        set => Change(() => Metadata.SetTimes(Owner, FullName, IsDirectoryInfo, created: Metadata.Local(value)));
    }

    public DateTime CreationTimeUtc
    {
        get => DateTime.FromFileTimeUtc(Readable.Created);
        set => Change(() => Metadata.SetTimes(Owner, FullName, IsDirectoryInfo, created: Metadata.Utc(value)));
    }

    public DateTime LastAccessTime
    {
        get => DateTime.FromFileTime(Readable.Accessed);
        set => Change(() => Metadata.SetTimes(Owner, FullName, IsDirectoryInfo, accessed: Metadata.Local(value)));
    }

    public DateTime LastAccessTimeUtc
    {
        get => DateTime.FromFileTimeUtc(Readable.Accessed);
        set => Change(() => Metadata.SetTimes(Owner, FullName, IsDirectoryInfo, accessed: Metadata.Utc(value)));
    }

    public DateTime LastWriteTime
    {
        get => DateTime.FromFileTime(Readable.Written);
        set => Change(() => Metadata.SetTimes(Owner, FullName, IsDirectoryInfo, written: Metadata.Local(value)));
    }

    public DateTime LastWriteTimeUtc
    {
        get => DateTime.FromFileTimeUtc(Readable.Written);
        set => Change(() => Metadata.SetTimes(Owner, FullName, IsDirectoryInfo, written: Metadata.Utc(value)));
    }

    protected SimFileSystem Owner { get; } = owner;

    protected string OriginalPath { get; private set; } = originalPath;

    protected abstract bool IsDirectoryInfo { get; }

    protected EntryState State => _state ??= Metadata.Read(Owner, FullName);

    /// <summary>The state, where that something is missing is no error but anything else is.</summary>
    private EntryState Readable =>
        State.Error is Win32Error.None or Win32Error.FileNotFound or Win32Error.PathNotFound or Win32Error.NotReady
            ? State
            : throw WindowsErrors.For(State.Error, FullName);

    public abstract void Delete();

    public void Refresh() => _state = Metadata.Read(Owner, FullName);

    public override string ToString() => OriginalPath;

    /// <summary>Takes over what a listing has read already.</summary>
    internal void Preset(EntryState state) => _state = state;

    protected void Invalidate() => _state = null;

    protected void MovedTo(string fullPath, string originalPath)
    {
        FullName = fullPath;
        OriginalPath = originalPath;
        Invalidate();
    }

    private void Change(Action change)
    {
        change();
        Invalidate();
    }
}
