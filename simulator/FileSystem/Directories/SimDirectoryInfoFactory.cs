using System.IO.Abstractions;

namespace Harness.Simulator.FileSystem.Directories;

/// <summary>Makes <see cref="IDirectoryInfo"/>; nothing is looked up until it is asked.</summary>
internal sealed class SimDirectoryInfoFactory(SimFileSystem fileSystem) : IDirectoryInfoFactory
{
    public IDirectoryInfo FromDirectoryName(string directoryName) =>
        new SimDirectoryInfo(fileSystem, fileSystem.FullPathOf(directoryName, "path"), directoryName);
}
