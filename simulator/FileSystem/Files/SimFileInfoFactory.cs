using System.IO.Abstractions;

namespace Harness.Simulator.FileSystem.Files;

/// <summary>Makes <see cref="IFileInfo"/>; nothing is looked up until it is asked.</summary>
internal sealed class SimFileInfoFactory(SimFileSystem fileSystem) : IFileInfoFactory
{
    public IFileInfo FromFileName(string fileName) =>
        new SimFileInfo(fileSystem, fileSystem.FullPathOf(fileName, nameof(fileName)), fileName);
}
