using System.Globalization;
using System.Text;
using Harness.Simulator.Content;

namespace Harness.Simulator.Volume;

/// <summary>
/// A tree of which nothing is kept but how to make it: it stands in the record table where the pages of its records would
/// be, and makes a page, a name or a list of children when somebody asks. All it makes are pure functions of the shape and
/// the seed, so any thread may ask and a page that was forgotten comes back the same. Records run from a page boundary on:
/// the directories breadth first without the top, then the files.
/// </summary>
internal sealed class GeneratedTree
{
    /// <summary>Longest composed name.</summary>
    public const int MaxNameBytes = 32;

    /// <summary>How many pages are remembered: one for a slot, the latest wins.</summary>
    private const int RememberedPages = 256;

    private readonly GeneratedOrigin _origin;
    private readonly byte[][] _extensions;
    private readonly RecordPage?[] _pages;
    private readonly int _directoryDigits;
    private readonly int _fileDigits;
    private readonly uint _firstIndex;
    private readonly long _innerDirectories;

    /// <summary>Describes a tree; makes nothing of it.</summary>
    /// <param name="shape">Valid.</param>
    /// <param name="sizes">Sizes of the files.</param>
    /// <param name="origin">Where on the volume it is.</param>
    public GeneratedTree(TreeShape shape, SizeTable sizes, GeneratedOrigin origin)
    {
        _origin = origin;
        Sizes = sizes;
        Numbers = new TreeNumbers(shape.Files, shape.Directories, shape.FanOut);
        FirstPage = origin.FirstPage;
        _firstIndex = FirstPage * RecordRoot.Fan;
        _innerDirectories = shape.Directories - 1;
        Records = shape.Files + _innerDirectories;
        _extensions = [.. shape.Extensions.Select(Encoding.ASCII.GetBytes)];
        _pages = new RecordPage?[(int)Math.Min(RememberedPages, EndPage - FirstPage)];
        _directoryDigits = Digits(shape.Directories);
        _fileDigits = Digits(shape.Files);
    }

    public TreeNumbers Numbers { get; }

    public SizeTable Sizes { get; }

    /// <summary>Files, and directories without the top.</summary>
    public long Records { get; }

    public uint FirstPage { get; }

    public uint EndPage => FirstPage + (uint)((Records + RecordRoot.Fan - 1) / RecordRoot.Fan);

    /// <summary>Reference of the name of the first record; those of the others follow.</summary>
    public uint FirstName => _origin.FirstName;

    /// <summary>Attributes of every file.</summary>
    public FileAttributes FileAttributes => _origin.FileAttributes;

    /// <summary>The name of an entry, as it is written.</summary>
    public static string NameOf(TreeShape shape, bool isDirectory, long number, ulong seed) => isDirectory
        ? $"d{number.ToString().PadLeft(Digits(shape.Directories), '0')}"
        : $"f{number.ToString().PadLeft(Digits(shape.Files), '0')}{shape.Extensions[ExtensionOf(seed, number, shape.Extensions.Count)]}";

    /// <summary>Seed of the content of a file.</summary>
    public static ulong ContentSeed(ulong seed, long file) => Mix.Of(Mix.Of(seed, (ulong)file), 0xC0);

    /// <summary>The 64 records of a page of this tree.</summary>
    public RecordPage Page(uint number)
    {
        ref var remembered = ref _pages[number % (uint)_pages.Length];
        if (Volatile.Read(ref remembered) is { } page && page.Number == number)
        {
            return page;
        }

        page = Make(number);
        Volatile.Write(ref remembered, page);
        return page;
    }

    /// <summary>Record index of a directory; the top has one of its own.</summary>
    public uint IndexOfDirectory(long directory) =>
        directory == 0 ? _origin.TopIndex : (uint)(_firstIndex + directory - 1);

    public uint IndexOfFile(long file) => (uint)(_firstIndex + _innerDirectories + file);

    /// <summary>The entry of a directory or file in the directory that holds it.</summary>
    public DirectoryItem ItemAt(uint index) => new(index, FirstName + (index - _firstIndex));

    /// <summary>Writes the name of a reference of this tree.</summary>
    public int WriteName(uint reference, Span<byte> name)
    {
        var ordinal = (long)(reference - FirstName);
        return ordinal < _innerDirectories
            ? WriteNumber((byte)'d', ordinal + 1, _directoryDigits, name)
            : WriteFileName(ordinal - _innerDirectories, name);
    }

    /// <summary>The directory or file of this tree with a name, wherever it is.</summary>
    /// <param name="key">Folded, when the volume folds.</param>
    /// <param name="fold">Whether it does.</param>
    public (bool IsDirectory, long Number)? Find(ReadOnlySpan<char> key, bool fold)
    {
        var isDirectory = key is ['d' or 'D', ..];
        var digits = isDirectory ? _directoryDigits : _fileDigits;
        if (key.Length < digits + 1
            || !long.TryParse(key.Slice(1, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || (isDirectory ? number == 0 || number >= Numbers.Directories : number >= Numbers.Files))
        {
            return null;
        }

        var item = ItemAt(isDirectory ? IndexOfDirectory(number) : IndexOfFile(number));
        return _origin.Tables.Names.Compare(item.NameRef, key, fold) == 0 ? (isDirectory, number) : null;
    }

    /// <summary>When the last entry was put into a directory, or the directory made.</summary>
    public long ListTimeOf(long directory)
    {
        var files = Numbers.FilesIn(directory);
        var children = Numbers.ChildrenOf(directory);
        return files > 0 ? TimeOf(IndexOfFile(Numbers.FirstFile(directory) + files - 1))
            : children > 0 ? TimeOf(IndexOfDirectory(Numbers.FirstChild(directory) + children - 1))
            : TimeOf(IndexOfDirectory(directory));
    }

    /// <summary>Whether all below a directory is as it was generated; the directory's own list is the caller's to check.</summary>
    public bool IsUntouchedBelow(in RecordRoot root, long directory)
    {
        foreach (var (from, to) in Numbers.LevelsBelow(directory).Prepend((directory, directory + 1)))
        {
            if ((from != directory && !root.IsGenerated(IndexOfDirectory(from), IndexOfDirectory(to - 1) + 1UL))
                || !root.IsGenerated(IndexOfFile(Numbers.FirstFile(from)), IndexOfFile(Numbers.FirstFile(to))))
            {
                return false;
            }
        }

        return true;
    }

    private static int Digits(long count) => Math.Max(count - 1, 0).ToString().Length;

    private static int ExtensionOf(ulong seed, long file, int count) =>
        count == 1 ? 0 : (int)(Mix.Of(Mix.Of(seed, (ulong)file), 0xE7) % (ulong)count);

    private static int WriteNumber(byte letter, long number, int digits, Span<byte> name)
    {
        name[0] = letter;
        for (var at = digits; at > 0; at--)
        {
            (number, var digit) = Math.DivRem(number, 10);
            name[at] = (byte)('0' + digit);
        }

        return digits + 1;
    }

    private int WriteFileName(long file, Span<byte> name)
    {
        var length = WriteNumber((byte)'f', file, _fileDigits, name);
        var extension = _extensions[ExtensionOf(_origin.Seed, file, _extensions.Length)];
        extension.CopyTo(name[length..]);
        return length + extension.Length;
    }

    private long TimeOf(uint index) => _origin.FirstTick + (index - _firstIndex);

    private RecordPage Make(uint number)
    {
        var records = new FileRecord[RecordRoot.Fan];
        var first = (long)(number - FirstPage) * RecordRoot.Fan;
        var count = Math.Min(RecordRoot.Fan, Records - first);
        for (var i = 0; i < count; i++)
        {
            var ordinal = first + i;
            records[i] = ordinal < _innerDirectories ? Directory(ordinal + 1) : File(ordinal - _innerDirectories);
        }

        return new RecordPage(number, records);
    }

    private FileRecord Directory(long directory)
    {
        var index = IndexOfDirectory(directory);
        var listed = ListTimeOf(directory);
        return new FileRecord
        {
            Created = TimeOf(index),
            Written = listed,
            Changed = listed,
            Accessed = listed,
            Attributes = _origin.DirectoryAttributes,
            SecurityId = _origin.SecurityId,
            Parent = IndexOfDirectory(Numbers.ParentOf(directory)),
            NameRef = ItemAt(index).NameRef,
            Sequence = 1,
            LinkCount = 1,
            Flags = FileRecord.InUse,
            Extra = FileExtra.None with { Children = ChildrenOf(directory) },
        };
    }

    /// <summary>The children of a directory, none of which is made by this.</summary>
    public DirectoryTree ChildrenOf(long directory) =>
        new(_origin.Tables.Names, _origin.Folds, new GeneratedDirectory(this, directory));

    private FileRecord File(long file)
    {
        var index = IndexOfFile(file);
        var time = TimeOf(index);
        return new FileRecord
        {
            Created = time,
            Written = time,
            Changed = time,
            Accessed = time,
            Size = Sizes.Of(file),
            Seed = ContentSeed(_origin.Seed, file),
            ProfileId = _origin.ProfileId,
            Attributes = _origin.FileAttributes,
            SecurityId = _origin.SecurityId,
            Parent = IndexOfDirectory(Numbers.DirectoryOf(file)),
            NameRef = ItemAt(index).NameRef,
            Sequence = 1,
            LinkCount = 1,
            Flags = FileRecord.InUse,
        };
    }
}

/// <summary>Where a generated tree is, and what it inherited when it was made.</summary>
/// <param name="Tables">The volume's names.</param>
/// <param name="Folds">Whether names that differ in case only are the same.</param>
/// <param name="Seed">Seed of the tree.</param>
/// <param name="TopIndex">Record of the top directory.</param>
/// <param name="FirstPage">The first page of records.</param>
/// <param name="FirstName">The first reference of names.</param>
/// <param name="FirstTick">Time of the first entry; each further one is a tick later.</param>
/// <param name="DirectoryAttributes">Of every directory.</param>
/// <param name="FileAttributes">Of every file.</param>
/// <param name="SecurityId">Of everything.</param>
/// <param name="ProfileId">Of every file's content.</param>
internal sealed record GeneratedOrigin(
    VolumeTables Tables,
    bool Folds,
    ulong Seed,
    uint TopIndex,
    uint FirstPage,
    uint FirstName,
    long FirstTick,
    FileAttributes DirectoryAttributes,
    FileAttributes FileAttributes,
    int SecurityId,
    ushort ProfileId);
