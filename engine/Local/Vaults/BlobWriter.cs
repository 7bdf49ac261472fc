using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Vaults;

/// <summary>
/// Creates blob files so that a crash at any moment leaves either no blob or the whole one, and so that of several creators
/// one wins. Safe for concurrent calls of several processes.
/// </summary>
internal sealed class BlobWriter(string root, TimeProvider clock)
{
    /// <summary>No creation takes that long, so an older temporary file belongs to a process that is gone.</summary>
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(24);

    private readonly string _temporary = Path.Join(root, ".tmp");
    private int _prepared;

    /// <summary>Creates a file with this content; false when the name is taken.</summary>
    public bool Create(string path, ReadOnlySpan<byte> content)
    {
        Prepare();
        string temporary = Path.Join(_temporary, Guid.NewGuid().ToString("N"));
        try
        {
            WriteDurably(temporary, content);
            string folder = Path.GetDirectoryName(path)!;
            EnsureDirectory(folder);
            if (!AtomicCreate.TryPublish(temporary, path))
            {
                return false;
            }

            AtomicCreate.FlushDirectory(folder);
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
        if (!File.Exists(path))
        {
            return false;
        }

        File.Delete(path);
        AtomicCreate.FlushDirectory(Path.GetDirectoryName(path)!);
        return true;
    }

    private static void WriteDurably(string path, ReadOnlySpan<byte> content)
    {
        using SafeFileHandle file = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        RandomAccess.Write(file, content, 0);
        RandomAccess.FlushToDisk(file);
    }

    private static void DeleteIfThere(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // The error that made the directory go is already on its way.
        }
    }

    /// <summary>Makes a directory and those above it, each entry flushed in its parent.</summary>
    private static void EnsureDirectory(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        string? parent = Path.GetDirectoryName(directory);
        if (parent is null)
        {
            return;
        }

        EnsureDirectory(parent);
        Directory.CreateDirectory(directory);
        AtomicCreate.FlushDirectory(parent);
    }

    private void Prepare()
    {
        if (Volatile.Read(ref _prepared) != 0)
        {
            return;
        }

        EnsureDirectory(_temporary);
        DateTime oldest = (clock.GetUtcNow() - AbandonedAfter).UtcDateTime;
        foreach (FileInfo file in new DirectoryInfo(_temporary).EnumerateFiles())
        {
            if (file.LastWriteTimeUtc < oldest)
            {
                file.Delete();
            }
        }

        Volatile.Write(ref _prepared, 1);
    }
}
