using System.IO.Abstractions;

namespace Harness.Engine.Local.Vaults;

/// <summary>
/// Any <see cref="IFileSystem"/> as the disk of a vault. It is as durable as that file system makes a flushed stream, and a
/// name goes to one creator if its File.Move without overwriting is atomic, as on Windows.
/// </summary>
internal sealed class FileSystemVaultDisk(IFileSystem files) : IVaultDisk
{
    public string FullPath(string path) => files.Path.TrimEndingDirectorySeparator(files.Path.GetFullPath(path));

    public string Join(string path, string below) =>
        files.Path.Join(path, below.Replace('/', files.Path.DirectorySeparatorChar));

    public string? Parent(string path) => files.Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : null;

    public bool FileExists(string path) => files.File.Exists(path);

    public bool DirectoryExists(string path) => files.Directory.Exists(path);

    public long? Length(string path)
    {
        IFileInfo file = files.FileInfo.FromFileName(path);
        return file.Exists ? file.Length : null;
    }

    public void CreateDirectory(string path)
    {
        try
        {
            files.Directory.CreateDirectory(path);
        }
        catch (IOException) when (files.Directory.Exists(path))
        {
            // Another creator was faster.
            return;
        }
    }

    /// <summary>Nothing: an entry is durable with its file, or the file system has no such notion.</summary>
    public void FlushDirectory(string path)
    {
    }

    public IVaultNewFile CreateNew(string path) =>
        new StreamNewFile(files.FileStream.Create(path, FileMode.CreateNew, FileAccess.Write, FileShare.None));

    public bool TryPublish(string temporary, string path)
    {
        try
        {
            files.File.Move(temporary, path);
            return true;
        }
        catch (IOException) when (files.File.Exists(path))
        {
            return false;
        }
    }

    public void Delete(string path) => files.File.Delete(path);

    public IVaultFile OpenRead(string path) => new StreamFile(files.FileStream.Create(
        path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    public List<VaultDiskItem> List(string path) => !files.Directory.Exists(path)
        ? []
        : [
            .. files.DirectoryInfo.FromDirectoryName(path).EnumerateFileSystemInfos().Select(info => new VaultDiskItem(
                info.Name,
                info is IDirectoryInfo,
                info is IFileInfo file ? file.Length : 0,
                info.LastWriteTimeUtc)),
        ];

    private sealed class StreamNewFile(Stream stream) : IVaultNewFile
    {
        public void Write(ReadOnlySpan<byte> piece) => stream.Write(piece);

        public void Flush()
        {
            if (stream is FileStream real)
            {
                real.Flush(flushToDisk: true);
            }
            else
            {
                stream.Flush();
            }
        }

        public void Dispose() => stream.Dispose();
    }

    private sealed class StreamFile(Stream stream) : IVaultFile
    {
        public long LengthBytes => stream.Length;

        public int Read(Span<byte> buffer, long offset)
        {
            stream.Position = offset;
            return stream.Read(buffer);
        }

        public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
        {
            stream.Position = offset;
            return stream.ReadAsync(buffer, cancellationToken);
        }

        public void Dispose() => stream.Dispose();
    }
}
