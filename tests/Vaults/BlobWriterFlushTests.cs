using Harness.Engine.Local.Vaults;
using NUnit.Framework;

namespace Harness.Tests.Vaults;

/// <summary>What a directory vault flushes, and when: what it has acknowledged is on the disk, and so is the way to it.</summary>
[Parallelizable]
public sealed class BlobWriterFlushTests
{
    private const string Root = "/vault";

    [Test]
    public void Create_InANewFolder_FlushesFileAndFoldersInOrder()
    {
        var disk = new RecordingDisk();

        new BlobWriter(disk, Root, TimeProvider.System).Create("/vault/packs/aa", [1]);

        Assert.That(
            disk.Calls,
            Is.EqualTo(new[] { "make /vault/.tmp", "sync /vault", "sync file", "make /vault/packs", "sync /vault", "name /vault/packs/aa", "sync /vault/packs" }));
    }

    [Test]
    public void Delete_ABlob_FlushesItsFolder()
    {
        var disk = new RecordingDisk();

        new BlobWriter(disk, Root, TimeProvider.System).Delete("/vault/packs/aa");

        Assert.That(disk.Calls, Is.EqualTo(new[] { "delete /vault/packs/aa", "sync /vault/packs" }));
    }

    /// <summary>Holds nothing and remembers what was asked of it.</summary>
    private sealed class RecordingDisk : IVaultDisk, IVaultNewFile
    {
        private readonly HashSet<string> _folders = [Root, "/"];

        public List<string> Calls { get; } = [];

        public string FullPath(string path) => path;

        public string Join(string path, string below) => $"{path}/{below}";

        public string? Parent(string path) => path == "/" ? null : path[..Math.Max(1, path.LastIndexOf('/'))];

        public bool FileExists(string path) => true;

        public bool DirectoryExists(string path) => _folders.Contains(path);

        public long? Length(string path) => 1;

        public void CreateDirectory(string path)
        {
            _folders.Add(path);
            Calls.Add($"make {path}");
        }

        public void FlushDirectory(string path) => Calls.Add($"sync {path}");

        public IVaultNewFile CreateNew(string path) => this;

        public bool TryPublish(string temporary, string path)
        {
            Calls.Add($"name {path}");
            return true;
        }

        public void Delete(string path)
        {
            if (!path.StartsWith("/vault/.tmp/", StringComparison.Ordinal))
            {
                Calls.Add($"delete {path}");
            }
        }

        public IVaultFile OpenRead(string path) => throw new NotSupportedException();

        public List<VaultDiskItem> List(string path) => [];

        public void Write(ReadOnlySpan<byte> piece) => Assert.That(piece.Length, Is.EqualTo(1));

        public void Flush() => Calls.Add("sync file");

        public void Dispose() => GC.SuppressFinalize(this);
    }
}
