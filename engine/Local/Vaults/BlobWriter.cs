namespace Harness.Engine.Local.Vaults;

/// <summary>
/// Creates blob files so that a crash at any moment leaves either no blob or the whole one, and so that of several creators
/// one wins. Safe for concurrent calls of several processes.
/// </summary>
internal sealed class BlobWriter(IVaultDisk disk, string root, TimeProvider clock)
{
    /// <summary>No creation pauses that long, so a temporary file that was written to before belongs to a process that is gone.</summary>
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(24);

    private readonly string _temporary = disk.Join(root, ".tmp");
    private int _prepared;

    /// <summary>Creates a file with this content; false when the name is taken.</summary>
    public bool Create(string path, ReadOnlySpan<byte> content)
    {
        using PendingBlob blob = Begin();
        blob.Write(content);
        return blob.Publish(path);
    }

    /// <summary>Begins a file whose content comes in pieces.</summary>
    public PendingBlob Begin()
    {
        Prepare();
        string temporary = disk.Join(_temporary, Guid.NewGuid().ToString("N"));
        try
        {
            return new PendingBlob(disk, temporary, disk.CreateNew(temporary), EnsureDirectory);
        }
        catch (DirectoryNotFoundException error)
        {
            throw Disappeared(error);
        }
    }

    /// <summary>The error of a vault whose directory somebody took away.</summary>
    internal static IOException Disappeared(DirectoryNotFoundException error) =>
        new("The directory disappeared while the vault was in use.", error);

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
