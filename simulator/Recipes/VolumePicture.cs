using System.Globalization;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>A volume at a glance: what <c>volume show</c> prints, as lines or as a record for JSON.</summary>
public sealed record VolumePicture
{
    /// <summary>Name of the volume.</summary>
    public required string Label { get; init; }

    /// <summary>File system for people.</summary>
    public required string FileSystem { get; init; }

    /// <summary>Allocation unit.</summary>
    public required int ClusterBytes { get; init; }

    /// <summary>Whether names that differ in case only are different.</summary>
    public required bool CaseSensitive { get; init; }

    /// <summary>Capacity.</summary>
    public required long CapacityBytes { get; init; }

    /// <summary>Clusters in use.</summary>
    public required long UsedBytes { get; init; }

    /// <summary>Files, each counted once.</summary>
    public required long Files { get; init; }

    /// <summary>Directories, the root included.</summary>
    public required long Directories { get; init; }

    /// <summary>What the quotas say of each owner; empty without quotas, and of a snapshot.</summary>
    public IReadOnlyList<QuotaEntry> Quotas { get; init; } = [];

    /// <summary>Totals by kind, in a fixed order; a kind with nothing is left out.</summary>
    public required IReadOnlyList<PictureTotal> Totals { get; init; }

    /// <summary>Entries from the root down, of every directory some: a directory before what is in it.</summary>
    public required IReadOnlyList<PictureLine> Tree { get; init; }

    /// <summary>Names below the root that <see cref="Tree"/> does not show.</summary>
    public required long NotShown { get; init; }

    /// <summary>
    /// Takes the picture. Walks the whole volume once, keeping only what is shown; of generated trees that nobody has changed
    /// it asks the sums.
    /// </summary>
    /// <param name="volume">A snapshot, or the live volume.</param>
    /// <param name="maxLines">How many entries the tree shows.</param>
    public static VolumePicture Of(VolumeView volume, int maxLines = 60)
    {
        ArgumentNullException.ThrowIfNull(volume);
        var tree = new PictureTree(volume, maxLines);
        var totals = new SortedDictionary<int, PictureTotal>();
        var linked = new Dictionary<FileReference, string>();
        long names = 0;
        foreach (var entry in volume.Walk("", directory => tree.ShowsBelow(directory.Path) || !CountGenerated(directory)).Skip(1))
        {
            names++;
            var isFurtherName = entry.LinkCount > 1 && !linked.TryAdd(entry.Reference, entry.Path);
            tree.Add(entry, isFurtherName ? linked[entry.Reference] : null);
            Count(totals, KindOf(entry), isFurtherName ? [] : entry.Streams.Where(stream => stream.Name.Length == 0));
            foreach (var stream in isFurtherName ? [] : entry.Streams.Where(stream => stream.Name.Length > 0))
            {
                Count(totals, StreamKind(stream), [stream]);
            }
        }

        var lines = tree.ToLines();
        var settings = volume.Settings;
        return new VolumePicture
        {
            Label = settings.Label,
            FileSystem = FileSystems.NameOf(settings),
            ClusterBytes = settings.ClusterBytes,
            CaseSensitive = settings.CaseSensitive,
            CapacityBytes = settings.EffectiveCapacityBytes,
            UsedBytes = volume.UsedBytes,
            Files = volume.FileCount,
            Directories = volume.DirectoryCount,
            Quotas = volume is SimVolume { Quotas: { IsActive: true } quotas } ? quotas.Entries : [],
            Totals = [.. totals.Values],
            Tree = lines,
            NotShown = names - lines.Count,
        };

        bool CountGenerated(VolumeEntry directory)
        {
            if (GeneratedContents.Below(volume, directory) is not { } contents)
            {
                return false;
            }

            tree.AddGenerated(directory.Path, contents);
            names += contents.Files + contents.Directories;
            if (contents.Directories > 0)
            {
                Add(totals, KindOf(directory), contents.Directories, 0, 0);
            }

            if (contents.Files > 0)
            {
                var kind = (1 + (int)contents.FileFlags, Kind("file", contents.FileFlags));
                Add(totals, kind, contents.Files, contents.LogicalBytes, contents.AllocatedBytes);
            }

            return true;
        }
    }

    /// <summary>The picture as lines of text.</summary>
    public IEnumerable<string> ToLines()
    {
        yield return $"{Label}: {FileSystem}, {SizeText.Format(ClusterBytes)} clusters, "
            + $"case-{(CaseSensitive ? "sensitive" : "insensitive")}, "
            + $"{SizeText.Format(UsedBytes)} of {SizeText.Format(CapacityBytes)} used";
        yield return $"{Number(Files)} files, {Number(Directories)} directories";
        yield return "";
        foreach (var line in PictureText.Lines(Tree))
        {
            yield return line;
        }

        if (NotShown > 0)
        {
            yield return $"{Number(Tree.Count)} names shown, {Number(NotShown)} more";
        }

        yield return "";
        yield return $"{"kind",-28}{"count",12}{"logical",14}{"allocated",14}";
        foreach (var total in Totals)
        {
            yield return $"{total.Kind,-28}{Number(total.Count),12}{SizeText.Format(total.LogicalBytes),14}"
                + $"{SizeText.Format(total.AllocatedBytes),14}";
        }

        yield return $"{"total",-28}{Number(Totals.Sum(total => total.Count)),12}"
            + $"{SizeText.Format(Totals.Sum(total => total.LogicalBytes)),14}"
            + $"{SizeText.Format(Totals.Sum(total => total.AllocatedBytes)),14}";
        if (Quotas.Count > 0)
        {
            yield return "";
            yield return "quota of";
            foreach (var line in QuotaLines())
            {
                yield return line;
            }
        }
    }

    private IEnumerable<string> QuotaLines()
    {
        foreach (var quota in Quotas)
        {
            var limit = quota.Limits.LimitBytes is { } most ? SizeText.Format(most) : "no limit";
            yield return $"{quota.OwnerSid}  {SizeText.Format(quota.UsedBytes)} of {limit}"
                + $"{(quota.IsOverThreshold ? ", over the threshold" : "")}";
        }
    }

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static void Count(
        SortedDictionary<int, PictureTotal> totals, (int Order, string Kind) kind, IEnumerable<VolumeStream> streams)
    {
        Add(totals, kind, 1, 0, 0);
        foreach (var stream in streams)
        {
            Add(totals, kind, 0, stream.SizeBytes, stream.AllocatedBytes);
        }
    }

    private static void Add(
        SortedDictionary<int, PictureTotal> totals, (int Order, string Kind) kind, long count, long logical, long allocated)
    {
        var total = totals.GetValueOrDefault(kind.Order, new PictureTotal(kind.Kind, 0, 0, 0));
        totals[kind.Order] = total with
        {
            Count = total.Count + count,
            LogicalBytes = total.LogicalBytes + logical,
            AllocatedBytes = total.AllocatedBytes + allocated,
        };
    }

    private static (int Order, string Kind) KindOf(VolumeEntry entry) =>
        entry.ReparseTag is not null ? (20, "reparse point")
        : entry.IsDirectory ? (0, "directory")
        : entry.LinkCount > 1 ? (19, "hard-linked name")
        : (1 + (int)entry.Streams[0].Flags, Kind("file", entry.Streams[0].Flags));

    private static (int Order, string Kind) StreamKind(VolumeStream stream) =>
        (30 + (int)stream.Flags, Kind("stream", stream.Flags));

    private static string Kind(string noun, StreamFlags flags) =>
        flags == StreamFlags.None ? $"plain {noun}" : $"{string.Join(" ", PictureText.Names(flags))} {noun}";
}

/// <summary>What one kind adds up to.</summary>
/// <param name="Kind">Kind for people.</param>
/// <param name="Count">How many.</param>
/// <param name="LogicalBytes">Sum of logical sizes; a hard-linked file's under its first name only.</param>
/// <param name="AllocatedBytes">Sum of allocated sizes, likewise.</param>
public sealed record PictureTotal(string Kind, long Count, long LogicalBytes, long AllocatedBytes);

/// <summary>One entry of the tree.</summary>
/// <param name="Path">Path.</param>
/// <param name="IsDirectory">Whether it is a directory.</param>
/// <param name="Note">Size and peculiarities; of a directory what is below it.</param>
/// <param name="FilesNotShown">Of a directory, names of files in it that the tree leaves out.</param>
/// <param name="DirectoriesNotShown">Likewise, directories.</param>
public sealed record PictureLine(
    string Path, bool IsDirectory, string Note, long FilesNotShown = 0, long DirectoriesNotShown = 0);
