namespace Harness.Tests.Processes;

/// <summary>A directory of its own for one life of an engine.</summary>
internal sealed class ProcessArea : IDisposable
{
    internal string Root { get; } = Directory.CreateTempSubdirectory("harness-process-").FullName;

    internal string In(string path) => Path.Combine(Root, path);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
