using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Simulator.Volume;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Harness.Simulator.Recipes;

/// <summary>
/// Reads recipes from YAML (so JSON too). What is wrong is RecipeInvalid with file, line, column and field.
/// </summary>
public static class RecipeLoader
{
    private const long MaxTreeFiles = 100_000_000;

    /// <summary>Reads a file; FileInaccessible when that fails.</summary>
    public static Recipe Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible, $"The recipe {path} cannot be read: {error.Message}", "Check the path.", inner: error);
        }
    }

    /// <summary>Reads text.</summary>
    /// <param name="text">The document.</param>
    /// <param name="source">What to call it in messages.</param>
    public static Recipe Parse(string text, string source = "recipe")
    {
        ArgumentNullException.ThrowIfNull(text);
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            throw RecipeNode.Error(source, error.Start, "", $"the document is not valid YAML: {error.Message.TrimEnd('.')}");
        }

        if (stream.Documents.Count != 1)
        {
            throw RecipeNode.Error(source, new Mark(0, 1, 1), "", $"one document is expected, not {stream.Documents.Count}");
        }

        return ReadRecipe(source, new RecipeNode(source, stream.Documents[0].RootNode, RecipeShapes.Recipe, ""));
    }

    private static Recipe ReadRecipe(string source, RecipeNode node)
    {
        var seed = (ulong)node.Whole("seed", 1, 0, long.MaxValue);
        var settings = ReadVolume(node, seed);
        var edits = new SortedDictionary<string, IReadOnlyList<RecipeEdit>>(StringComparer.Ordinal);
        foreach (var (name, items) in node.ObjectsByName("edits"))
        {
            edits.Add(name, [.. items.Select(item => ReadEdit(item, settings))]);
        }

        return new Recipe
        {
            Source = source,
            Seed = seed,
            Volume = settings,
            Trees = [.. node.Objects("trees").Select(item => ReadTree(item, settings))],
            Entries = [.. node.Objects("entries").Select(item => RecipeEntryReader.Read(item, settings))],
            Edits = edits,
        };
    }

    private static VolumeSettings ReadVolume(RecipeNode recipe, ulong seed)
    {
        if (recipe.Object("volume") is not { } node)
        {
            return new VolumeSettings { Seed = seed };
        }

        var settings = new VolumeSettings
        {
            Seed = seed,
            Label = node.Text("label", "volume"),
            CapacityBytes = node.Has("size") ? node.Size("size", 0) : null,
            ClusterBytes = (int)Math.Min(node.Size("cluster", 4096), int.MaxValue),
            SparseUnitBytes = node.Has("sparseUnit") ? (int)Math.Min(node.Size("sparseUnit", 0), int.MaxValue) : null,
            FileSystem = node.Choice("fileSystem", "ntfs") switch
            {
                "ntfs" => FileSystemKind.Ntfs,
                "refs" => FileSystemKind.Refs,
                "fat" or "exfat" => FileSystemKind.Fat,
                _ => FileSystemKind.Other,
            },
            FileSystemName = node.Has("fileSystemName") ? node.Text("fileSystemName", "")
                : node.Choice("fileSystem", "ntfs") == "exfat" ? "exFAT"
                : null,
            MakesShortNames = node.Flag("shortNames"),
            CaseSensitive = node.Flag("caseSensitive"),
            Kind = node.Choice("kind", "fixed") switch
            {
                "removable" => VolumeKind.Removable,
                "network" => VolumeKind.Network,
                _ => VolumeKind.Fixed,
            },
            Quota = node.Object("quota") is { } quota ? ReadQuota(quota) : null,
            UpdatesLastAccess = node.Choice("lastAccess", "updated") == "updated",
            TunnelSeconds = (int)node.Whole("tunnelSeconds", new VolumeSettings().TunnelSeconds, 0, 86_400),
            ChargesInternalFiles = node.Flag("chargeInternalFiles"),
            UserSid = node.Text("user", new VolumeSettings().UserSid),
            IsReadOnly = node.Flag("readOnly"),
            IsOffline = node.Flag("offline"),
            IsLocked = node.Flag("locked"),
        };
        try
        {
            settings.Validate();
        }
        catch (BackupException error)
        {
            throw node.Error(FieldOf(node, settings), $"{error.Message} {error.Remedy?.TrimEnd('.')}");
        }

        return settings;
    }

    /// <summary>The field that the settings were refused for.</summary>
    private static string FieldOf(RecipeNode node, VolumeSettings settings) =>
        settings.MakesShortNames && (settings.Features & VolumeFeatures.ShortNames) == VolumeFeatures.None ? "shortNames"
            : settings.Quota is not null && (settings.Features & VolumeFeatures.Quotas) == VolumeFeatures.None ? "quota"
            : node.Has("size") ? "size"
            : "cluster";

    private static QuotaSettings ReadQuota(RecipeNode node)
    {
        var quota = new QuotaSettings
        {
            IsEnforced = node.Choice("mode", "enforced") == "enforced",
            Default = ReadLimits(node),
            Owners = node.Objects("owners").ToDictionary(owner => owner.Text("sid", ""), ReadLimits, StringComparer.Ordinal),
        };
        foreach (var owner in node.Objects("owners").Where(owner => !owner.Text("sid", "").StartsWith("S-1-", StringComparison.Ordinal)))
        {
            throw owner.Error("sid", $"'{owner.Text("sid", "")}' is no SID such as S-1-5-32-544");
        }

        return quota;
    }

    private static QuotaLimits ReadLimits(RecipeNode node) => new(
        node.Has("limit") ? node.Size("limit", 0) : null, node.Has("threshold") ? node.Size("threshold", 0) : null);

    private static RecipeTree ReadTree(RecipeNode node, VolumeSettings settings)
    {
        var isLazy = node.Flag("lazy");
        var tree = new RecipeTree
        {
            Place = node.Place,
            Path = node.Text("path", ""),
            IsLazy = isLazy,
            Files = node.Whole("files", 0, 0, isLazy ? TreeShape.MaxEntries : MaxTreeFiles),
            Depth = (int)node.Whole("depth", 3, 0, 64),
            FanOut = (int)node.Whole("fanOut", 5, 1, 100_000),
            Names = node.Choice("names", isLazy ? "plain" : "office"),
            Sizes = node.Object("sizes") is { } sizes ? ReadSizes(sizes) : new RecipeSizes(),
            Content = node.Has("content") || node.Has("compressesTo") || node.Has("duplicates")
                ? RecipeEntryReader.ReadContent(node)
                : null,
            Attributes = RecipeEntryReader.ReadAttributes(node),
        };
        RecipeEntryReader.RequirePath(node, "path", tree.Path, settings, mayBeRoot: true);
        RecipeEntryReader.RequireStorage(node, tree.Attributes.Storage, settings, isForced: false);
        var largest = tree.Sizes.Values.Append(tree.Sizes.Max).Max();
        if (largest > settings.MaxFileBytes)
        {
            throw node.Error("sizes", $"{largest} bytes exceed the largest file of this volume, {settings.MaxFileBytes} bytes");
        }

        if (isLazy)
        {
            RequireLazy(node, tree, settings);
        }

        return tree;
    }

    private static void RequireLazy(RecipeNode node, RecipeTree tree, VolumeSettings settings)
    {
        if (tree.Names != "plain")
        {
            throw node.Error("names", "a lazy tree has 'plain' names, which can be computed");
        }

        if (tree.Attributes.Storage.HasFlag(StreamFlags.Encrypted))
        {
            throw node.Error("attributes", "the files of a lazy tree cannot be encrypted, since each would need a key of its own");
        }

        if (tree.Content?.Literal is not null)
        {
            throw node.Error("content", "the files of a lazy tree have generated content, text or zeros");
        }

        if (LazyTree.ShapeOf(tree, 0, 0).WhyInvalid(settings) is var (field, rule))
        {
            throw node.Error(field == nameof(TreeShape.Sizes) ? "sizes" : "files", rule);
        }
    }

    private static RecipeSizes ReadSizes(RecipeNode node)
    {
        var absent = new RecipeSizes();
        var median = node.Size("median", absent.Median);
        var sizes = new RecipeSizes
        {
            Distribution = node.Choice("distribution", node.Has("values") ? "list" : absent.Distribution),
            Median = median,
            Sigma = node.Fraction("sigma", absent.Sigma, 10),
            Min = node.Size("min", 0),
            Max = node.Size("max", Math.Max(absent.Max, median)),
            Values = node.List("values", RecipeNode.ParseSize, "a size"),
        };
        if (sizes.Min > sizes.Max)
        {
            throw node.Error("min", "the least size is above the largest");
        }

        return sizes.Distribution == "list" == (sizes.Values.Count > 0)
            ? sizes
            : throw node.Error("values", "'values' goes with 'distribution: list', and that needs at least one");
    }

    private static RecipeEdit ReadEdit(RecipeNode node, VolumeSettings settings)
    {
        var edit = new RecipeEdit
        {
            Place = node.Place,
            Action = node.Choice("action", ""),
            Path = node.Text("path", ""),
            Pick = (int)node.Whole("pick", 0, 1, int.MaxValue),
            Offset = node.Size("offset", 0),
            Size = node.Size("size", 0),
            Percent = node.Fraction("percent", 0, 100),
            To = node.Text("to", ""),
            Attributes = RecipeEntryReader.ReadAttributes(node),
            Content = RecipeEntryReader.ReadContent(node),
            ObjectId = RecipeMetadataReader.ObjectId(node),
            ExtendedAttributes = RecipeMetadataReader.ExtendedAttributesOf(node),
        };
        var needed = edit.Action switch
        {
            "overwrite" => "percent",
            "rename" or "link" or "set-short-name" => "to",
            "set-attributes" => "attributes",
            "set-extended-attributes" => "extendedAttributes",
            "append" or "insert" or "zero" or "truncate" or "set-valid-data" or "set-allocation" => "size",
            "write" => edit.Content.Literal is null ? "size" : "text",
            _ => null,
        };
        if (needed is not null && !node.Has(needed) && !(needed == "size" && edit.Content.Literal is not null))
        {
            throw node.Error("action", $"'{edit.Action}' needs the field '{needed}'");
        }

        if (edit.Pick > 0 && edit.Action is "create" or "rename" or "link" or "set-short-name" && node.Has("pick"))
        {
            throw node.Error("pick", $"'{edit.Action}' names one path and cannot pick");
        }

        RecipeEntryReader.RequirePath(node, "path", edit.Path.Split(':')[0], settings, mayBeRoot: edit.Pick > 0);
        if (edit.ObjectId is not null && (edit.Action != "set-object-id" || edit.Pick > 0))
        {
            throw node.Error("objectId", "an object id goes with 'set-object-id' of one path");
        }

        if (edit.Action is "rename" or "link")
        {
            RecipeEntryReader.RequirePath(node, "to", edit.To, settings, mayBeRoot: false);
        }

        return edit;
    }
}
