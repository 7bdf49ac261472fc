using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Vaults;

/// <summary>A real disk of this machine: files and directories are flushed, names are given by link or exclusive rename.</summary>
internal sealed class LocalVaultDisk : IVaultDisk
{
    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
    };

    public string FullPath(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    public string Join(string path, string below) => Path.Join(path, below);

    public string? Parent(string path) => Path.GetDirectoryName(path);

    public bool FileExists(string path) => File.Exists(path);

    public bool DirectoryExists(string path) => Directory.Exists(path);

    public long? Length(string path)
    {
        FileInfo file = new(path);
        return file.Exists ? file.Length : null;
    }

    public void CreateDirectory(string path) => Directory.CreateDirectory(path);

    public void FlushDirectory(string path) => AtomicCreate.FlushDirectory(path);

    public IVaultNewFile CreateNew(string path) =>
        new LocalNewFile(File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None));

    public bool TryPublish(string temporary, string path) => AtomicCreate.TryPublish(temporary, path);

    public void Delete(string path) => File.Delete(path);

    public IVaultFile OpenRead(string path) => new LocalFile(File.OpenHandle(
        path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous));

    public List<VaultDiskItem> List(string path)
    {
        // Nothing was ever pruned in most vaults; an exception for each prefix that is not there costs more than a run without changes.
        if (!Directory.Exists(path))
        {
            return [];
        }

        try
        {
            return [.. new FileSystemEnumerable<VaultDiskItem>(path, ToItem, Everything)];
        }
        catch (Exception error) when (error is DirectoryNotFoundException || error.HResult == Errno.NotDirectory)
        {
            return [];
        }
    }

    private static VaultDiskItem ToItem(ref FileSystemEntry entry) => new(
        entry.FileName.ToString(),
        entry.IsDirectory,
        entry.IsDirectory ? 0 : entry.Length,
        entry.LastWriteTimeUtc.UtcDateTime);

    private sealed class LocalNewFile(SafeFileHandle handle) : IVaultNewFile
    {
        private long _length;

        public void Write(ReadOnlySpan<byte> piece)
        {
            RandomAccess.Write(handle, piece, _length);
            _length += piece.Length;
        }

        public void Flush() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }

    private sealed class LocalFile(SafeFileHandle handle) : IVaultFile
    {
        public long LengthBytes => RandomAccess.GetLength(handle);

        public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(handle, buffer, offset);

        public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken) =>
            RandomAccess.ReadAsync(handle, buffer, offset, cancellationToken);

        public void Dispose() => handle.Dispose();
    }
}
