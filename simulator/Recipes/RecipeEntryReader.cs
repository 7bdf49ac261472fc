using System.Text;
using Harness.Engine.Model;
using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>Reads explicit entries and what they share with trees and edits, and finds their contradictions.</summary>
internal static class RecipeEntryReader
{
    public static RecipeEntry Read(RecipeNode node, VolumeSettings settings)
    {
        var entry = new RecipeEntry
        {
            Place = node.Place,
            Path = node.Text("path", ""),
            Type = node.Choice("type", node.Has("tag") ? "reparse-point" : "file") switch
            {
                "directory" => RecipeEntryType.Directory,
                "hard-link" => RecipeEntryType.HardLink,
                "reparse-point" => RecipeEntryType.ReparsePoint,
                "special" => RecipeEntryType.Special,
                "mount-point" => RecipeEntryType.MountPoint,
                _ => RecipeEntryType.File,
            },
            Attributes = ReadAttributes(node),
            Force = node.Flag("force"),
            Streams = [.. node.Objects("streams").Select(item => ReadStream(item, settings, node.Flag("force")))],
            Tag = ReadTag(node),
            Target = node.Text("target", ""),
            ReparseData = RecipeMetadataReader.Data(node),
            Times = RecipeMetadataReader.Times(node),
            Security = RecipeMetadataReader.Security(node),
            Links = (int)node.Whole("links", 0, 1, ushort.MaxValue),
            IsDirectory = node.Flag("directory"),
            ReparseGuid = RecipeMetadataReader.ReparseGuid(node),
            ShortName = node.Has("shortName") ? node.Text("shortName", "") : null,
            ObjectId = RecipeMetadataReader.ObjectId(node),
            ExtendedAttributes = RecipeMetadataReader.ExtendedAttributesOf(node),
            IsCaseSensitive = node.Flag("caseSensitive"),
        };
        entry = entry with { Attributes = entry.Attributes with { Forced = RecipeMetadataReader.Bits(node) } };
        entry = entry with { Data = ReadData(node, entry.Attributes.Storage, settings) };
        RequirePath(node, "path", entry.Path, settings, mayBeRoot: entry.Type == RecipeEntryType.Directory);
        RequireStorage(node, entry.Attributes.Storage, settings, entry.Force);
        RequireSense(node, entry);
        FileSystemRules.RequireEntry(node, entry, settings);
        RequireDistinctStreams(node, entry, settings);
        RequireMetadata(node, entry, settings);
        return entry;
    }

    public static RecipeAttributes ReadAttributes(RecipeNode node)
    {
        FileAttributes file = FileAttributes.None;
        StreamFlags storage = StreamFlags.None;
        var names = node.Choices("attributes");
        for (var i = 0; i < names.Count; i++)
        {
            var name = names[i];
            if (names.Take(i).Contains(name))
            {
                throw node.Error("attributes", i, $"'{name}' is there twice");
            }

            switch (name)
            {
                case "sparse":
                    storage |= StreamFlags.Sparse;
                    break;
                case "compressed":
                    storage |= StreamFlags.Compressed;
                    break;
                case "encrypted":
                    storage |= StreamFlags.Encrypted;
                    break;
                default:
                    file |= Enum.Parse<FileAttributes>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
                    break;
            }
        }

        return !file.HasFlag(FileAttributes.Normal) || file == FileAttributes.Normal
            ? new RecipeAttributes(file, storage)
            : throw node.Error("attributes", "'normal' says that there are no others, and stands alone");
    }

    public static RecipeContent ReadContent(RecipeNode node)
    {
        var kind = node.Choice("content", node.Has("text") ? "literal" : "generated");
        if (node.Has("text") != (kind == "literal"))
        {
            throw node.Error("content", "'text' goes with 'content: literal'");
        }

        if (kind != "generated" && (node.Has("compressesTo") || node.Has("duplicates")))
        {
            throw node.Error("content", "'compressesTo' and 'duplicates' go with 'content: generated'");
        }

        var ratio = (int)Math.Round(node.Fraction("compressesTo", 1, 1) * 1000);
        var duplicates = (int)Math.Round(node.Fraction("duplicates", 0, 1) * 1000);
        return new RecipeContent
        {
            Profile = kind switch
            {
                "text" => ContentProfile.Text,
                "zeros" => ContentProfile.Zeros,
                _ => new ContentProfile(ContentKind.Bytes, ratio, duplicates),
            },
            Literal = kind == "literal" ? Encoding.UTF8.GetBytes(node.Text("text", "")) : default(ReadOnlyMemory<byte>?),
        };
    }

    public static void RequirePath(
        RecipeNode node, string field, string path, VolumeSettings settings, bool mayBeRoot)
    {
        if (path.Length == 0 && mayBeRoot)
        {
            return;
        }

        foreach (var name in path.Split('/'))
        {
            var reason = settings.HasWindowsRules ? WindowsNames.WhyInvalid(name) : WindowsNames.WhyInvalidAnywhere(name);
            if (reason is not null)
            {
                throw node.Error(field, $"'{path}' is no path here: {reason}");
            }
        }
    }

    public static void RequireStorage(RecipeNode node, StreamFlags storage, VolumeSettings settings, bool isForced)
    {
        if (isForced)
        {
            return;
        }

        FileSystemRules.RequireStorage(node, storage, settings);
        if (storage.HasFlag(StreamFlags.Encrypted | StreamFlags.Compressed))
        {
            throw node.Error("attributes", "NTFS does not compress what is encrypted; add 'force: true' to make it all the same");
        }

        if (storage.HasFlag(StreamFlags.Compressed) && settings.ClusterBytes > 4096)
        {
            throw node.Error(
                "attributes",
                $"NTFS does not compress with clusters of {settings.ClusterBytes} bytes; use 4KiB, or add 'force: true'");
        }
    }

    private static RecipeStream ReadStream(RecipeNode node, VolumeSettings settings, bool isForced)
    {
        var storage = ReadAttributes(node).Storage;
        RequireStorage(node, storage, settings, isForced);
        var name = node.Text("name", "");
        return WindowsNames.WhyStreamInvalid(name) is { } reason
            ? throw node.Error("name", reason)
            : ReadData(node, storage, settings) with { Name = name, Place = node.Place };
    }

    private static void RequireDistinctStreams(RecipeNode node, RecipeEntry entry, VolumeSettings settings)
    {
        if (entry.Streams.Count < 2)
        {
            return;
        }

        var names = new HashSet<string>(
            settings.CaseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        var streams = node.Objects("streams").ToList();
        for (var i = 0; i < streams.Count; i++)
        {
            if (!names.Add(entry.Streams[i].Name))
            {
                throw streams[i].Error("name", $"the file has a stream '{entry.Streams[i].Name}' already, which is the same name here");
            }
        }
    }

    private static RecipeStream ReadData(RecipeNode node, StreamFlags storage, VolumeSettings settings)
    {
        var content = ReadContent(node);
        var size = node.Size("size", content.Literal?.Length ?? 0);
        if (size > settings.MaxFileBytes)
        {
            throw node.Error("size", FileSystemRules.TooLarge(size, settings));
        }

        if (node.Has("duplicateOf") && (node.Has("size") || node.Has("content") || node.Has("text")))
        {
            throw node.Error("duplicateOf", "a duplicate has the size and content of its original, and none of its own");
        }

        if (content.Literal is { } literal && literal.Length != size)
        {
            throw node.Error("size", $"the literal text has {literal.Length} bytes, not {size}");
        }

        var allocated = node.Has("allocated") ? ReadRanges(node, size) : null;
        if (allocated is not null && !storage.HasFlag(StreamFlags.Sparse))
        {
            throw node.Error("allocated", "only a sparse stream has ranges without data; add the attribute 'sparse'");
        }

        var data = allocated?.Sum(range => range.Length) ?? size;
        if (data > settings.EffectiveCapacityBytes)
        {
            throw node.Error("size", $"{data} bytes of data exceed the volume's {settings.EffectiveCapacityBytes} bytes");
        }

        return new RecipeStream
        {
            Size = size,
            Flags = storage,
            Allocated = allocated,
            ValidBytes = ReadValidBytes(node, size, storage),
            Content = content,
            DuplicateOf = node.Text("duplicateOf", ""),
        };
    }

    private static long? ReadValidBytes(RecipeNode node, long size, StreamFlags storage)
    {
        if (!node.Has("validData"))
        {
            return null;
        }

        var valid = node.Size("validData", size);
        return valid > size ? throw node.Error("validData", $"it is at most the size, {size}")
            : node.Has("allocated") || node.Has("duplicateOf") || node.Has("text")
                ? throw node.Error("validData", "it goes with generated content and without 'allocated'")
            : (storage & (StreamFlags.Sparse | StreamFlags.Compressed)) != StreamFlags.None
                ? throw node.Error("validData", "a sparse or compressed stream has ranges, or nothing, to leave out")
            : valid;
    }

    private static List<ByteRange> ReadRanges(RecipeNode node, long size)
    {
        var ranges = node.List("allocated", ParseRange, "a range such as 0..64KiB or 1MiB+4KiB").ToList();
        for (var i = 0; i < ranges.Count; i++)
        {
            if (ranges[i].End > size)
            {
                throw node.Error("allocated", i, $"the range {ranges[i].Offset}..{ranges[i].End} ends beyond the size, {size}");
            }

            if (i > 0 && ranges[i].Offset < ranges[i - 1].End)
            {
                throw node.Error("allocated", i, "ranges must ascend and not overlap");
            }
        }

        return ranges;
    }

    private static ByteRange? ParseRange(string text)
    {
        var plus = text.IndexOf('+', StringComparison.Ordinal);
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        var (at, skip) = plus > 0 ? (plus, 1) : (dots, 2);
        if (at <= 0 || !SizeText.TryParse(text[..at], out var from) || !SizeText.TryParse(text[(at + skip)..], out var second))
        {
            return null;
        }

        var length = plus > 0 ? second : second - from;
        return length > 0 && from <= long.MaxValue - length ? new ByteRange(from, length) : null;
    }

    private static uint ReadTag(RecipeNode node)
    {
        if (!node.Has("tag"))
        {
            return 0;
        }

        return ReparseTags.TryParse(node.Text("tag", ""), out var tag) && tag != 0
            ? tag
            : throw node.Error("tag", $"a tag is 0x with digits, or one of {string.Join(", ", ReparseTags.Names)}");
    }

    private static void RequireSense(RecipeNode node, RecipeEntry entry)
    {
        var isReparse = entry.Type == RecipeEntryType.ReparsePoint;
        var hasData = entry.Type is RecipeEntryType.File or RecipeEntryType.ReparsePoint;
        var problem = isReparse && entry.Tag == 0 ? ("type", "a reparse point needs the field 'tag'")
            : !isReparse && entry.Tag != 0 ? ("tag", "only a reparse point has a tag")
            : !isReparse && entry.ReparseData is not null ? ("reparseData", "only a reparse point has reparse data")
            : entry is { ReparseData: not null, Target.Length: > 0 } ? ("reparseData", "it takes the place of 'target'; give one of them")
            : entry.Links > 0 && entry.Type is RecipeEntryType.Directory or RecipeEntryType.MountPoint or RecipeEntryType.HardLink
                && entry.Links > 0 ? ("links", "the file itself says how many names it has")
            : entry.Type == RecipeEntryType.HardLink && (entry.Times != default || entry.Security is not null)
                ? ("type", "a hard link shares times and security with its target and has none of its own")
            : !isReparse && entry.IsDirectory ? ("directory", "only a reparse point says so; use 'type: directory'")
            : entry.Type == RecipeEntryType.HardLink && entry.Target.Length == 0 ? ("type", "a hard link needs the field 'target'")
            : entry.Type is not (RecipeEntryType.HardLink or RecipeEntryType.ReparsePoint) && entry.Target.Length > 0
                ? ("target", "only a hard link or a reparse point has a target")
            : entry.Type == RecipeEntryType.HardLink && (entry.Attributes != default || entry.Streams.Count > 0)
                ? ("type", "a hard link shares attributes and streams with its target and has none of its own")
            : !hasData && (node.Has("size") || node.Has("content") || node.Has("text") || node.Has("duplicateOf"))
                ? ("type", "only a file has data")
            : isReparse && entry.Tag == ReparseTags.MountPoint && entry.Data.Size > 0
                ? ("size", "a mount point is a directory and has no data")
            : entry.Type == RecipeEntryType.Directory && entry.Attributes.Storage.HasFlag(StreamFlags.Sparse)
                ? ("attributes", "a directory cannot be sparse")
                : ((string Field, string Problem)?)null;
        if (problem is { } found)
        {
            throw node.Error(found.Item1, found.Item2);
        }
    }

    private static void RequireMetadata(RecipeNode node, RecipeEntry entry, VolumeSettings settings)
    {
        var isLink = entry.Type == RecipeEntryType.HardLink;
        var problem = isLink && entry.ObjectId is not null ? ("objectId", "a hard link shares the object id of its target")
            : isLink && entry.ExtendedAttributes.Count > 0
                ? ("extendedAttributes", "a hard link shares the extended attributes of its target")
            : isLink && entry.ShortName is not null ? ("shortName", "only the first name of a file has a short name")
            : entry.ShortName is not null && !settings.MakesShortNames
                ? ("shortName", "the volume makes no short names; add 'shortNames: true' to it")
            : entry.ShortName is { Length: > 0 } name && !ShortNames.IsLegal(name) ? ("shortName", $"'{name}' is no 8.3 name")
            : entry.IsCaseSensitive && entry.Type != RecipeEntryType.Directory
                ? ("caseSensitive", "only a directory has a case rule")
            : entry.ReparseGuid is not null && (entry.Tag == 0 || ReparseTags.IsMicrosoft(entry.Tag))
                ? ("reparseGuid", "only a tag that is not Microsoft's has a GUID")
            : entry.Type == RecipeEntryType.ReparsePoint && entry.ExtendedAttributes.Count > 0 && !entry.Force
                ? ("extendedAttributes", "a reparse point takes no extended attributes; add 'force: true' to make it all the same")
            : ExtendedAttributes.PackedBytes(entry.ExtendedAttributes) > ExtendedAttributes.MaxPackedBytes
                ? ("extendedAttributes", $"together they exceed {ExtendedAttributes.MaxPackedBytes} bytes")
                : ((string Field, string Problem)?)null;
        if (problem is { } found)
        {
            throw node.Error(found.Item1, found.Item2);
        }
    }
}
