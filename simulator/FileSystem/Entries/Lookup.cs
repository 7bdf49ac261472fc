using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem.Entries;

/// <summary>
/// What stands at a path, links followed. Good within the volume's lock only. With <see cref="Error"/> FileNotFound the
/// directory is there and <see cref="Path"/> says where the file would be.
/// </summary>
internal readonly record struct Lookup
{
    public required Target Target { get; init; }

    /// <summary>The volume on which it stands, after links; null when the path names none.</summary>
    public VolumeSession? Session { get; init; }

    /// <summary>Path on the volume, after links.</summary>
    public string Path { get; init; }

    public Win32Error Error { get; init; }

    public VolumeView.Place Place { get; init; }

    public string FullPath => Target.FullPath;

    public string Stream => Target.Stream;

    public bool Exists => Error == Win32Error.None;

    public SimVolume Volume => Session!.Volume;

    public uint Index => Place.Index;

    public bool IsRoot => Index == VolumeView.RootIndex;

    public FileAttributes Attributes => AttributesOf(in Volume.RecordAt(Index));

    public bool IsDirectory => Volume.RecordAt(Index).IsDirectory;

    public bool Has(FileAttributes bits) => (Volume.RecordAt(Index).Attributes & bits) != FileAttributes.None;

    public static FileAttributes AttributesOf(ref readonly FileRecord record) =>
        record.Attributes == FileAttributes.None ? FileAttributes.Normal : record.Attributes;

    /// <summary>Throws what Windows gives when nothing stands there.</summary>
    public void Require(string? path = null)
    {
        if (!Exists)
        {
            throw WindowsErrors.For(Error, path ?? FullPath);
        }
    }

    /// <summary>As <see cref="Require"/>; a missing directory is PathNotFound, never FileNotFound.</summary>
    public void RequireAsDirectory()
    {
        if (!Exists)
        {
            throw WindowsErrors.For(Error == Win32Error.FileNotFound ? Win32Error.PathNotFound : Error, FullPath);
        }
    }
}
