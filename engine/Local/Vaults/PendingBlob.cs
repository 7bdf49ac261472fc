namespace Harness.Engine.Local.Vaults;

/// <summary>
/// A blob that is being written and has no name yet. Disposing takes away what is left of it. One caller at a time.
/// </summary>
internal sealed class PendingBlob(IVaultDisk disk, string temporary, IVaultNewFile file, Action<string> ensureDirectory) : IDisposable
{
    /// <summary>Appends a piece of the content.</summary>
    public void Write(ReadOnlySpan<byte> piece) => file.Write(piece);

    /// <summary>Makes the content durable and gives it its name; false when the name is taken.</summary>
    public bool Publish(string path)
    {
        try
        {
            file.Flush();
            file.Dispose();
            string folder = disk.Parent(path)!;
            ensureDirectory(folder);
            if (!disk.TryPublish(temporary, path))
            {
                return false;
            }

            disk.FlushDirectory(folder);
            return true;
        }
        catch (DirectoryNotFoundException error)
        {
            throw BlobWriter.Disappeared(error);
        }
    }

    /// <summary>
    /// What cannot be deleted now is cleared away later: a virus scanner may be reading it, or the error that made the
    /// directory go is already on its way.
    /// </summary>
    public void Dispose()
    {
        file.Dispose();
        try
        {
            disk.Delete(temporary);
        }
        catch (Exception error) when (DirectoryVaultErrors.IsStorageError(error))
        {
            return;
        }
    }
}
