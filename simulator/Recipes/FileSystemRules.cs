using Harness.Engine.Model;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>
/// What other file systems of Windows do not have ("File System Functionality Comparison"): ReFS neither compresses nor encrypts
/// files, FAT has no streams, links, reparse points or kinds of storage, and files of at most 4 GiB less one byte.
/// </summary>
internal static class FileSystemRules
{
    private const long MaxFatFileBytes = uint.MaxValue;

    /// <summary>Refuses storage that the volume has not.</summary>
    public static void RequireStorage(RecipeNode node, StreamFlags storage, VolumeSettings settings)
    {
        var lacks = settings.FileSystem switch
        {
            FileSystemKind.Fat => storage,
            FileSystemKind.Refs => storage & (StreamFlags.Compressed | StreamFlags.Encrypted),
            _ => StreamFlags.None,
        };
        if (lacks != StreamFlags.None)
        {
            throw node.Error(
                "attributes", $"{Name(settings)} has no {lacks.ToString().ToLowerInvariant()} files; use NTFS, or add 'force: true'");
        }
    }

    /// <summary>Refuses what FAT cannot hold.</summary>
    public static void RequireEntry(RecipeNode node, RecipeEntry entry, VolumeSettings settings)
    {
        if (settings.FileSystem != FileSystemKind.Fat || entry.Force)
        {
            return;
        }

        var problem = entry.Streams.Count > 0 ? ("streams", "named streams")
            : entry.Type == RecipeEntryType.HardLink ? ("type", "hard links")
            : entry.Type == RecipeEntryType.ReparsePoint ? ("tag", "reparse points")
            : ((string Field, string What)?)null;
        if (problem is { } found)
        {
            throw node.Error(found.Field, $"FAT has no {found.What}; use NTFS, or add 'force: true'");
        }
    }

    /// <summary>The largest file of the volume.</summary>
    public static long MaxFileBytes(VolumeSettings settings) =>
        settings.FileSystem == FileSystemKind.Fat ? Math.Min(MaxFatFileBytes, settings.MaxFileBytes) : settings.MaxFileBytes;

    /// <summary>Why a size is beyond <see cref="MaxFileBytes"/>, as a clause.</summary>
    public static string TooLarge(long size, VolumeSettings settings) => settings.FileSystem == FileSystemKind.Fat
        ? $"{size} bytes exceed the largest file of FAT, {MaxFatFileBytes} bytes; use NTFS or several files"
        : $"{size} bytes exceed the largest file with clusters of {settings.ClusterBytes} bytes, "
            + $"{settings.MaxFileBytes} bytes; use larger clusters or several files";

    private static string Name(VolumeSettings settings) => settings.FileSystem == FileSystemKind.Fat ? "FAT" : "ReFS";
}
