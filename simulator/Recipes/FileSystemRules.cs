using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>Refuses at the field of a recipe what its file system does not have (<see cref="VolumeFeatures"/>).</summary>
internal static class FileSystemRules
{
    private static readonly (StreamFlags Flag, VolumeFeatures Feature)[] Storage =
    [
        (StreamFlags.Sparse, VolumeFeatures.SparseFiles), (StreamFlags.Compressed, VolumeFeatures.Compression),
        (StreamFlags.Encrypted, VolumeFeatures.Encryption),
    ];

    /// <summary>Refuses storage that the volume has not.</summary>
    public static void RequireStorage(RecipeNode node, StreamFlags storage, VolumeSettings settings)
    {
        foreach (var (flag, feature) in Storage)
        {
            if (storage.HasFlag(flag) && Lacks(settings, feature))
            {
                throw node.Error("attributes", $"{Why(settings, feature)}, or add 'force: true'");
            }
        }
    }

    /// <summary>Refuses streams, links and reparse points that the volume has not.</summary>
    public static void RequireEntry(RecipeNode node, RecipeEntry entry, VolumeSettings settings)
    {
        var problem = entry.Streams.Count > 0 && Lacks(settings, VolumeFeatures.NamedStreams)
                ? ("streams", VolumeFeatures.NamedStreams)
            : entry.Type == RecipeEntryType.HardLink && Lacks(settings, VolumeFeatures.HardLinks)
                ? ("type", VolumeFeatures.HardLinks)
            : entry is { Type: RecipeEntryType.ReparsePoint, Force: false } && Lacks(settings, VolumeFeatures.ReparsePoints)
                ? ("tag", VolumeFeatures.ReparsePoints)
            : entry.ObjectId is not null && Lacks(settings, VolumeFeatures.ObjectIds) ? ("objectId", VolumeFeatures.ObjectIds)
            : entry.ExtendedAttributes.Count > 0 && Lacks(settings, VolumeFeatures.ExtendedAttributes)
                ? ("extendedAttributes", VolumeFeatures.ExtendedAttributes)
                : ((string Field, VolumeFeatures Feature)?)null;
        if (problem is { } found)
        {
            throw node.Error(found.Field, Why(settings, found.Feature));
        }
    }

    /// <summary>Why a size is beyond the largest file of a volume, as a clause.</summary>
    public static string TooLarge(long size, VolumeSettings settings) => settings.IsFat32
        ? $"{size} bytes exceed the largest file of FAT32, {settings.MaxFileBytes} bytes; use NTFS or several files"
        : $"{size} bytes exceed the largest file with clusters of {settings.ClusterBytes} bytes, "
            + $"{settings.MaxFileBytes} bytes; use larger clusters or several files";

    private static bool Lacks(VolumeSettings settings, VolumeFeatures feature) =>
        (settings.Features & feature) == VolumeFeatures.None;

    private static string Why(VolumeSettings settings, VolumeFeatures feature) =>
        $"{FileSystems.NameOf(settings)} has no {FileSystems.NameOf(feature)}; use NTFS";
}
