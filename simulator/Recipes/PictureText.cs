using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>The words of a picture. Lines have at most <see cref="MaxColumns"/> characters.</summary>
internal static class PictureText
{
    /// <summary>Longest line of the tree.</summary>
    public const int MaxColumns = 100;

    private const int MaxName = 56;

    private static readonly FileAttributes[] Shown =
    [
        FileAttributes.ReadOnly, FileAttributes.Hidden, FileAttributes.System, FileAttributes.Temporary, FileAttributes.Offline,
    ];

    /// <summary>The tree as lines.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<PictureLine> tree)
    {
        var open = new Stack<PictureLine>();
        foreach (var line in tree)
        {
            while (open.TryPeek(out var above) && !line.Path.StartsWith(above.Path + "/", StringComparison.Ordinal))
            {
                foreach (var more in More(open.Pop()))
                {
                    yield return more;
                }
            }

            var name = line.Path[(line.Path.LastIndexOf('/') + 1)..];
            var shown = name.Length <= MaxName ? name : name[..(MaxName - 3)] + "...";
            var text = $"{Indent(line.Path)}{shown}{(line.IsDirectory ? "/" : "")}";
            foreach (var part in Wrapped(Printable(text), Printable(line.Note), Indent(line.Path) + "    "))
            {
                yield return part;
            }

            if (line.IsDirectory)
            {
                open.Push(line);
            }
        }

        while (open.TryPop(out var last))
        {
            foreach (var more in More(last))
            {
                yield return more;
            }
        }
    }

    /// <summary>What there is to say of an entry.</summary>
    public static string Note(VolumeEntry entry, bool volumeIsCaseSensitive, string? firstName)
    {
        var notes = new List<string>();
        if (!entry.IsDirectory)
        {
            AddData(notes, entry.Streams[0]);
        }
        else if (entry.IsCaseSensitive && !volumeIsCaseSensitive)
        {
            notes.Add("case-sensitive");
        }

        notes.AddRange(Shown.Where(bit => entry.Attributes.HasFlag(bit)).Select(bit => bit == FileAttributes.ReadOnly
            ? "read-only"
            : bit.ToString().ToLowerInvariant()));
        notes.AddRange(entry.IsDirectory ? Names(DirectoryFlags(entry.Attributes)) : []);
        notes.AddRange(entry.ShortName is { } shortName ? [shortName] : []);
        notes.AddRange(entry.LinkCount <= 1 ? []
            : [$"{entry.LinkCount.ToString(CultureInfo.InvariantCulture)} names{(firstName is null ? "" : $", the file is {firstName}")}"]);
        AddRare(notes, entry);
        notes.AddRange(entry.Streams.Where(stream => stream.Name.Length > 0).Select(stream =>
            $":{stream.Name} {SizeText.Format(stream.SizeBytes)}{string.Concat(Names(stream.Flags).Select(name => " " + name))}"));
        return string.Join(", ", notes);
    }

    /// <summary>Numbers of files and directories; what there is none of is left out.</summary>
    public static string Counted(long files, long directories, string kind) => string.Join(
        ", ",
        new[] { (files, "file", "files"), (directories, "directory", "directories") }.Where(row => row.Item1 > 0)
            .Select(row => string.Create(
                CultureInfo.InvariantCulture, $"{row.Item1:#,0} {kind}{(row.Item1 == 1 ? row.Item2 : row.Item3)}")));

    /// <summary>The states of a stream in words.</summary>
    public static IEnumerable<string> Names(StreamFlags flags)
    {
        if (flags.HasFlag(StreamFlags.Encrypted))
        {
            yield return "encrypted";
        }

        if (flags.HasFlag(StreamFlags.Compressed))
        {
            yield return "compressed";
        }

        if (flags.HasFlag(StreamFlags.Sparse))
        {
            yield return "sparse";
        }
    }

    private static void AddData(List<string> notes, VolumeStream stream)
    {
        notes.Add(SizeText.Format(stream.SizeBytes));
        if (stream is { AllocatedBytes: 0, SizeBytes: > 0 } && !stream.Flags.HasFlag(StreamFlags.Sparse))
        {
            notes.Add("in its record");
        }
        else if (stream.AllocatedBytes < stream.SizeBytes)
        {
            notes.Add($"{SizeText.Format(stream.AllocatedBytes)} allocated");
        }

        notes.AddRange(Names(stream.Flags));
        if (stream.UninitializedBytes > 0 && (stream.Flags & (StreamFlags.Sparse | StreamFlags.Compressed)) == StreamFlags.None)
        {
            notes.Add($"{SizeText.Format(stream.ValidDataBytes)} valid");
        }
    }

    private static void AddRare(List<string> notes, VolumeEntry entry)
    {
        if (entry.ReparseTag is { } tag)
        {
            notes.Add($"reparse point {ReparseTags.NameOf(tag)}{(entry.ReparseGuid is { } owner ? $" of {owner}" : "")}"
                + (Target(tag, entry.ReparseData.Span) is { } target ? $" to {target}" : ""));
        }

        notes.AddRange(entry.ObjectId is { } objectId ? [$"object id {objectId.ObjectId}"] : []);
        notes.AddRange(entry.ExtendedAttributes.Count == 0 ? []
            : [$"extended attributes {string.Join(' ', entry.ExtendedAttributes.Select(attribute => attribute.Name))}"]);
    }

    /// <summary>Substitute name of a link (MS-FSCC 2.1.2.4 and 2.1.2.5); null when there is none.</summary>
    private static string? Target(uint tag, ReadOnlySpan<byte> data)
    {
        var header = tag == ReparseTags.SymbolicLink ? 12 : 8;
        if (tag is not (ReparseTags.SymbolicLink or ReparseTags.MountPoint) || data.Length < header)
        {
            return null;
        }

        var (offset, length) = (BinaryPrimitives.ReadUInt16LittleEndian(data), BinaryPrimitives.ReadUInt16LittleEndian(data[2..]));
        return header + offset + length <= data.Length ? Encoding.Unicode.GetString(data.Slice(header + offset, length)) : null;
    }

    private static StreamFlags DirectoryFlags(FileAttributes attributes) =>
        (attributes.HasFlag(FileAttributes.Compressed) ? StreamFlags.Compressed : StreamFlags.None)
        | (attributes.HasFlag(FileAttributes.Encrypted) ? StreamFlags.Encrypted : StreamFlags.None);

    private static IEnumerable<string> More(PictureLine directory)
    {
        if (directory.FilesNotShown + directory.DirectoriesNotShown > 0)
        {
            yield return $"{Indent(directory.Path)}  ... {Counted(directory.FilesNotShown, directory.DirectoriesNotShown, "more ")}";
        }
    }

    private static string Indent(string path) => new(' ', Math.Min(2 * path.Count(character => character == '/'), 40));

    /// <summary>Goes on in another line where a note would be too long; only what fits no line at all is cut.</summary>
    private static IEnumerable<string> Wrapped(string name, string note, string indent)
    {
        var line = name;
        var separator = "  ";
        foreach (var part in note.Length == 0 ? [] : note.Split(", "))
        {
            if (line.Length + separator.Length + part.Length + 1 <= MaxColumns)
            {
                line += separator + part;
            }
            else
            {
                yield return separator == "  " ? line : line + ",";
                var room = MaxColumns - indent.Length - 1;
                line = indent + (part.Length <= room ? part : part[..(room - 3)] + "...");
            }

            separator = ", ";
        }

        yield return line;
    }

    private static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(unit => char.IsControl(unit) ? '?' : unit)) : text;
}
