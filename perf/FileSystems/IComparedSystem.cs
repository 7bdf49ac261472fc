namespace Harness.Perf.FileSystems;

/// <summary>A file system that the comparison fills with empty files and lists. One thread.</summary>
internal interface IComparedSystem : IDisposable
{
    /// <summary>What it is, with its version.</summary>
    string Name { get; }

    /// <summary>Whether its files live in this process, so that their memory can be told.</summary>
    bool IsInMemory { get; }

    void CreateDirectory(string directory);

    void CreateFile(string directory, string name);

    /// <summary>Lists one directory, names and sizes, and returns how many files it has.</summary>
    int List(string directory);
}
