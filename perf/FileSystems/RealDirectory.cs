namespace Harness.Perf.FileSystems;

/// <summary>A directory of a real file system; everything below it is deleted in the end.</summary>
/// <param name="name">What file system it is.</param>
/// <param name="root">An empty directory.</param>
internal sealed class RealDirectory(string name, DirectoryInfo root) : IComparedSystem
{
    public string Name => name;

    public bool IsInMemory => false;

    public static RealDirectory Temporary()
    {
        var root = Directory.CreateTempSubdirectory("harness-compare-");
        return new RealDirectory($"real disk ({new DriveInfo(root.FullName).DriveFormat})", root);
    }

    public void CreateDirectory(string directory) => root.CreateSubdirectory(directory);

    public void CreateFile(string directory, string name) =>
        File.WriteAllBytes(Path.Combine(root.FullName, directory, name), []);

    public int List(string directory) =>
        new DirectoryInfo(Path.Combine(root.FullName, directory)).EnumerateFiles().Count(file => file.Length >= 0);

    public void Dispose() => root.Delete(recursive: true);
}
