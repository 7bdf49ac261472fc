using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Simulator.Volume;
using YamlDotNet.Core;

namespace Harness.Simulator.Recipes;

/// <summary>
/// Reads recipes from YAML (so JSON too). What is wrong is RecipeInvalid with file, line, column and field.
/// </summary>
public static class RecipeLoader
{
    private const long MaxTreeFiles = 100_000_000;

    private static readonly string[] OptionalFields =
        ["offset", "size", "percent", "to", "attributes", "content", "text", "compressesTo", "duplicates"];

    private static readonly string[] ContentFields = ["content", "compressesTo", "duplicates"];

    /// <summary>What an edit may have beside path and pick; an action that is not here may have all.</summary>
    private static readonly Dictionary<string, string[]> EditFields = new(StringComparer.Ordinal)
    {
        ["write"] = ["offset", "size", "text", .. ContentFields],
        ["overwrite"] = ["percent", .. ContentFields],
        ["append"] = ["size", "text", .. ContentFields],
        ["insert"] = ["offset", "size", .. ContentFields],
        ["truncate"] = ["size"],
        ["zero"] = ["offset", "size"],
        ["rename"] = ["to"],
        ["delete"] = [],
        ["create"] = ["size", "text", .. ContentFields],
        ["touch"] = [],
        ["set-attributes"] = ["attributes"],
    };

    // Bytes that are no text would silently become other names.
    private static readonly System.Text.UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads a file; FileInaccessible when that fails.</summary>
    public static Recipe Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            var bytes = new FileInfo(path).Length;
            return bytes <= RecipeYaml.MaxCharacters
                ? Parse(File.ReadAllText(path, Utf8), path)
                : throw RecipeNode.Error(
                    path, new Mark(0, 1, 1), "", $"the document has {bytes} bytes, and {RecipeYaml.MaxCharacters} are the most");
        }
        catch (System.Text.DecoderFallbackException error)
        {
            throw RecipeNode.Error(path, new Mark(0, 1, 1), "", $"the document is not UTF-8: {error.Message}");
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
        return ReadRecipe(source, new RecipeNode(source, RecipeYaml.Parse(text, source), RecipeShapes.Recipe, ""));
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
            Owners = ReadOwners(node),
        };
        foreach (var owner in node.Objects("owners").Where(owner => !owner.Text("sid", "").StartsWith("S-1-", StringComparison.Ordinal)))
        {
            throw owner.Error("sid", $"'{owner.Text("sid", "")}' is no SID such as S-1-5-32-544");
        }

        return quota;
    }

    private static Dictionary<string, QuotaLimits> ReadOwners(RecipeNode node)
    {
        var owners = new Dictionary<string, QuotaLimits>(StringComparer.Ordinal);
        foreach (var owner in node.Objects("owners"))
        {
            if (!owners.TryAdd(owner.Text("sid", ""), ReadLimits(owner)))
            {
                throw owner.Error("sid", $"'{owner.Text("sid", "")}' is there twice");
            }
        }

        return owners;
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
            throw node.Error("sizes", FileSystemRules.TooLarge(largest, settings));
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
        if (EditFields.TryGetValue(edit.Action, out var fields)
            && OptionalFields.FirstOrDefault(field => node.Has(field) && !fields.Contains(field)) is { } foreign)
        {
            throw node.Error(foreign, $"'{edit.Action}' has no field '{foreign}'; it has path{string.Concat(fields.Select(f => ", " + f))}");
        }

        if (edit.Offset > settings.MaxFileBytes - edit.Size)
        {
            var field = edit.Offset > edit.Size ? "offset" : "size";
            throw node.Error(field, FileSystemRules.TooLarge(checked(Math.Min(edit.Offset, long.MaxValue - edit.Size) + edit.Size), settings));
        }

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
