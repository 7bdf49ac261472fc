using System.IO.Abstractions;
using System.Runtime.CompilerServices;
using Harness.Engine.Errors;
using Harness.Engine.Limits;
using Harness.Engine.Ports;

namespace Harness.Engine.Local.Vaults;

/// <summary>
/// A vault in a directory: one file a blob, its name the path. Creation is atomic and durable: the content goes to a file in
/// <c>.tmp</c>, is flushed, and is then linked to its name, which exactly one creator can do; directories are flushed before
/// the call returns. A crash leaves at most a file in <c>.tmp</c>, which no listing shows.
/// The directory is made by the first creation, so that looking at a mistyped path leaves nothing behind. Opening scans
/// nothing. Safe for concurrent calls, also of several processes. Traffic is counted at the port: content bytes and names.
/// </summary>
public sealed class DirectoryVault : IPacedVault
{
    /// <summary>Going to another thread and back costs more than to write or read so little.</summary>
    private const int SmallBytes = 64 << 10;

    private readonly VaultTrafficCounter _traffic = new();
    private readonly BlobWriter _writer;
    private readonly IVaultDisk _disk;
    private readonly string _root;
    private VaultPace? _pace;

    private DirectoryVault(IVaultDisk disk, string root, TimeProvider clock)
    {
        _disk = disk;
        _root = root;
        _writer = new BlobWriter(disk, root, clock);
    }

    /// <inheritdoc/>
    public string DisplayName => $"dir:{_root}";

    /// <inheritdoc/>
    public VaultTraffic Traffic => _traffic.Total;

    /// <inheritdoc/>
    public void SetPace(VaultPace pace) => _pace = pace;

    /// <summary>
    /// Opens the vault in a directory, which need not exist yet. VaultUnreachable when something else stands in its place.
    /// </summary>
    /// <param name="path">Path of the directory, absolute or relative to the current one.</param>
    /// <param name="clock">Used only to tell abandoned temporary files from those in use.</param>
    /// <param name="files">
    /// Where the directory is; null, or the file system of this machine, is a real disk with everything flushed. Of another
    /// one File.Move without overwriting must be atomic.
    /// </param>
    public static DirectoryVault Open(string path, TimeProvider? clock = null, IFileSystem? files = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        IVaultDisk disk = files is null or FileSystem ? new LocalVaultDisk() : new FileSystemVaultDisk(files);
        string root = disk.FullPath(path);
        if (disk.FileExists(root))
        {
            throw new BackupException(
                ErrorCode.VaultUnreachable,
                $"The vault dir:{root} is a file, not a directory.",
                "Name a directory; it is created when it does not exist.");
        }

        return new DirectoryVault(disk, root, clock ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> CreateAsync(
        string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        BlobName.Require(name);
        cancellationToken.ThrowIfCancellationRequested();
        _traffic.AddRequest();
        bool Create() => !_disk.FileExists(PathOf(name)) && Write(name, content);
        bool created = _pace?.Upload is { Bandwidth.IsLimited: true } pacer ? await WriteAsync(name, content, pacer, cancellationToken)
            : content.Length <= SmallBytes ? Guard(name, Create)
            : await OnPoolAsync(name, Create, cancellationToken);
        if (created)
        {
            _traffic.AddStored(content.Length);
        }

        return created;
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken)
    {
        using IVaultFile file = Open(name, cancellationToken);
        long length = Guard(name, () => file.LengthBytes);
        if (length > maxBytes)
        {
            throw new BackupException(
                ErrorCode.VaultBlobDamaged,
                $"Blob '{name}' in {DisplayName} has {length} bytes; at most {maxBytes} were expected.");
        }

        byte[] content = new byte[length];
        int read = length <= SmallBytes
            ? Guard(name, () => ReadFully(file, content))
            : await ReadFullyAsync(file, name, 0, content, cancellationToken);
        return read == content.Length
            ? content
            : throw new BackupException(
                ErrorCode.VaultBlobDamaged, $"Blob '{name}' in {DisplayName} shrank from {length} to {read} bytes while read.");
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadRangeAsync(
        string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        using IVaultFile file = Open(name, cancellationToken);
        return await ReadFullyAsync(file, name, offset, buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken)
    {
        BlobName.Require(name);
        cancellationToken.ThrowIfCancellationRequested();
        _traffic.AddRequest();
        return ValueTask.FromResult(Guard(name, () => _disk.Length(PathOf(name))));
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Files whose path is no valid blob name are not shown. A blob that is deleted meanwhile may or may not be shown.
    /// </remarks>
    public async IAsyncEnumerable<VaultBlob> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BlobName.RequirePrefix(prefix);
        _traffic.AddRequest();
        using IEnumerator<VaultBlob> blobs = BlobTree.List(_disk, _root, prefix).GetEnumerator();
        while (Guard(prefix, blobs.MoveNext))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _traffic.AddReceived(blobs.Current.Name.Length);
            yield return blobs.Current;
        }

        await ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>The folders stay: taking one away would race with a creation in it.</remarks>
    public ValueTask<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        BlobName.Require(name);
        cancellationToken.ThrowIfCancellationRequested();
        _traffic.AddRequest();
        return ValueTask.FromResult(Guard(name, () => _writer.Delete(PathOf(name))));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool Write(string name, ReadOnlyMemory<byte> content)
    {
        _traffic.AddSent(content.Length);
        return _writer.Create(PathOf(name), content.Span);
    }

    /// <summary>Writes slice by slice, each when the pace lets it pass.</summary>
    private async Task<bool> WriteAsync(
        string name, ReadOnlyMemory<byte> content, Pacer pacer, CancellationToken cancellationToken)
    {
        using PendingBlob? blob = await OnPoolAsync(
            name, () => _disk.FileExists(PathOf(name)) ? null : _writer.Begin(), cancellationToken);
        if (blob is null)
        {
            return false;
        }

        while (!content.IsEmpty)
        {
            ReadOnlyMemory<byte> slice = content[..pacer.SliceOf(content.Length)];
            await pacer.PassAsync(slice.Length, cancellationToken);
            await OnPoolAsync(name, () => Append(blob, slice), cancellationToken);
            content = content[slice.Length..];
        }

        return await OnPoolAsync(name, () => blob.Publish(PathOf(name)), cancellationToken);
    }

    private int Append(PendingBlob blob, ReadOnlyMemory<byte> slice)
    {
        blob.Write(slice.Span);
        _traffic.AddSent(slice.Length);
        return slice.Length;
    }

    private async ValueTask<int> ReadFullyAsync(
        IVaultFile file, string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            int total = 0;
            while (total < buffer.Length)
            {
                Memory<byte> slice = buffer[total..];
                slice = _pace is null ? slice : slice[.._pace.Download.SliceOf(slice.Length)];
                int read = await file.ReadAsync(slice, offset + total, cancellationToken);
                if (read == 0)
                {
                    break;
                }

                if (_pace is not null)
                {
                    await _pace.Download.PassAsync(read, cancellationToken);
                }

                _traffic.AddReceived(read);
                total += read;
            }

            return total;
        }
        catch (Exception error) when (DirectoryVaultErrors.IsStorageError(error))
        {
            throw DirectoryVaultErrors.Translate(error, name, DisplayName);
        }
    }

    private int ReadFully(IVaultFile file, Span<byte> buffer)
    {
        int total = 0;
        int read;
        do
        {
            read = file.Read(buffer[total..], total);
            total += read;
        }
        while (read > 0 && total < buffer.Length);

        _traffic.AddReceived(total);
        return total;
    }

    private IVaultFile Open(string name, CancellationToken cancellationToken)
    {
        BlobName.Require(name);
        cancellationToken.ThrowIfCancellationRequested();
        _traffic.AddRequest();
        return Guard(name, () => _disk.OpenRead(PathOf(name)));
    }

    private Task<T> OnPoolAsync<T>(string name, Func<T> action, CancellationToken cancellationToken) =>
        Task.Run(() => Guard(name, action), cancellationToken);

    private T Guard<T>(string name, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (DirectoryVaultErrors.IsStorageError(error))
        {
            throw DirectoryVaultErrors.Translate(error, name, DisplayName);
        }
    }

    private string PathOf(string name) => _disk.Join(_root, name);
}
