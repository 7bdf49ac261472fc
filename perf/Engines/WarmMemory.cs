namespace Harness.Perf.Engines;

/// <summary>
/// Takes memory from the host before a step that writes much of it. In a virtual machine that gives free memory back, the first touch of
/// a page costs several times the copy into it, and whoever comes first after a pause pays: the same restore took 2 s of system time, or 6.
/// </summary>
internal static class WarmMemory
{
    private const int BlockBytes = 16 << 20;
    private const string MemoryFolder = "/dev/shm/";

    /// <summary>Writes a file of so many bytes into a directory in memory and deletes it; nothing where the directory is on a disk.</summary>
    public static void Touch(string directory, long bytes)
    {
        if (!Path.GetFullPath(directory).StartsWith(MemoryFolder, StringComparison.Ordinal))
        {
            return;
        }

        var path = Path.Combine(directory, "touched");
        var block = new byte[BlockBytes];
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            for (long at = 0; at < bytes; at += BlockBytes)
            {
                RandomAccess.Write(file, block, at);
            }
        }

        File.Delete(path);
    }
}
