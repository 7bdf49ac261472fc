using System.IO.Abstractions.TestingHelpers;

namespace Harness.Perf.FileSystems;

/// <summary>The mock that comes with System.IO.Abstractions.</summary>
internal sealed class MockedFileSystem : IComparedSystem
{
    private readonly MockFileSystem _files = new();

    public string Name => $"TestableIO MockFileSystem {typeof(MockFileSystem).Assembly.GetName().Version?.ToString(3)}";

    public bool IsInMemory => true;

    public void CreateDirectory(string directory) => _files.Directory.CreateDirectory($"/{directory}");

    public void CreateFile(string directory, string name) => _files.File.WriteAllBytes($"/{directory}/{name}", []);

    public int List(string directory) =>
        _files.DirectoryInfo.New($"/{directory}").EnumerateFiles().Count(file => file.Length >= 0);

    public void Dispose()
    {
    }
}
