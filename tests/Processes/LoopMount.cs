using Harness.Tests.Local;
using Harness.Tests.Support;

namespace Harness.Tests.Processes;

/// <summary>
/// A small real file system (ext4 in an image file) that can be filled to its last block. Needs root; otherwise the test is ignored, and
/// with HARNESS_REQUIRE_SYSTEM=1 it fails.
/// </summary>
internal sealed class LoopMount : IDisposable
{
    private const int ChunkBytes = 256 << 10;
    private const int BlockBytes = 1 << 10;

    private readonly TempDirectory _temp;

    private LoopMount(TempDirectory temp) => _temp = temp;

    internal string Path => _temp.At("mnt");

    private string Filler => System.IO.Path.Combine(Path, "filler");

    internal static LoopMount Create(string size)
    {
        TmpfsMount.RequireRoot();
        SystemTool.Require("mkfs.ext4", "losetup");
        var temp = new TempDirectory();
        temp.Shell($"mkdir mnt; truncate -s {size} image; mkfs.ext4 -q -F -m 0 -b {BlockBytes} image; mount -o loop image mnt");
        return new LoopMount(temp);
    }

    /// <summary>Somebody else takes all the room that is left.</summary>
    internal void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        foreach (var chunk in new[] { ChunkBytes, BlockBytes })
        {
            try
            {
                while (true)
                {
                    filler.Write(new byte[chunk]);
                }
            }
            catch (IOException)
            {
                // No room for so much: then for less.
            }
        }
    }

    /// <summary>There is room again.</summary>
    internal void MakeRoom() => File.Delete(Filler);

    public void Dispose()
    {
        _temp.Shell("umount -l mnt");
        _temp.Dispose();
    }
}
