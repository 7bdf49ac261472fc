namespace Harness.Engine.Local.Vaults;

/// <summary>
/// Creates blob files so that a crash at any moment leaves either no blob or the whole one, and so that of several creators
/// one wins. Safe for concurrent calls of several processes.
/// </summary>
internal sealed class BlobWriter(IVaultDisk disk, string root, TimeProvider clock)
{
    /// <summary>No creation takes that long, so an older temporary file belongs to a process that is gone.</summary>
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(24);

    private readonly string _temporary = disk.Join(root, ".tmp");
    private int _prepared;

    /// <summary>Creates a file with this content; false when the name is taken.</summary>
    public bool Create(string path, ReadOnlySpan<byte> content)
    {
        Prepare();
        string temporary = disk.Join(_temporary, Guid.NewGuid().ToString("N"));
        try
        {
            disk.WriteNew(temporary, content);
            string folder = disk.Parent(path)!;
            EnsureDirectory(folder);
            if (!disk.TryPublish(temporary, path))
            {
                return false;
            }

            disk.FlushDirectory(folder);
            return true;
        }
        catch (DirectoryNotFoundException error)
        {
            throw new IOException("The directory disappeared while the vault was in use.", error);
        }
        finally
        {
            DeleteIfThere(temporary);
        }
    }

    /// <summary>Deletes a file durably; false when there was none.</summary>
    public bool Delete(string path)
    {
        if (!disk.FileExists(path))
        {
            return false;
        }

        disk.Delete(path);
        disk.FlushDirectory(disk.Parent(path)!);
        return true;
    }

    /// <summary>
    /// What cannot be deleted now is cleared away later: a virus scanner may be reading it, or the error that made the
    /// directory go is already on its way.
    /// </summary>
    private void DeleteIfThere(string path)
    {
        try
        {
            disk.Delete(path);
        }
        catch (Exception error) when (DirectoryVaultErrors.IsStorageError(error))
        {
            return;
        }
    }

    /// <summary>Makes a directory and those above it, each entry flushed in its parent.</summary>
    private void EnsureDirectory(string directory)
    {
        if (disk.DirectoryExists(directory))
        {
            return;
        }

        string? parent = disk.Parent(directory);
        if (parent is null)
        {
            return;
        }

        EnsureDirectory(parent);
        disk.CreateDirectory(directory);
        disk.FlushDirectory(parent);
    }

    private void Prepare()
    {
        if (Volatile.Read(ref _prepared) != 0)
        {
            return;
        }

        EnsureDirectory(_temporary);
        DateTime oldest = (clock.GetUtcNow() - AbandonedAfter).UtcDateTime;
        foreach (VaultDiskItem file in disk.List(_temporary))
        {
            if (!file.IsDirectory && file.WrittenUtc < oldest)
            {
                disk.Delete(disk.Join(_temporary, file.Name));
            }
        }

        Volatile.Write(ref _prepared, 1);
    }
}
