using Harness.Simulator.Content;

namespace Harness.Simulator.Volume;

/// <summary>
/// The shape of a regular tree of numbered directories and files: directories are filled breadth first, files spread evenly
/// over all of them. With a seed it says everything about the tree. Immutable; for any thread.
/// </summary>
public sealed record TreeShape
{
    /// <summary>Most files and directories of one tree.</summary>
    public const long MaxEntries = 2_000_000_000;

    /// <summary>Most sizes that files draw from.</summary>
    public const int MaxSizes = 1 << 16;

    /// <summary>Most characters of an extension, its dot included.</summary>
    public const int MaxExtensionUnits = 16;

    /// <summary>Files, 0 or more.</summary>
    public required long Files { get; init; }

    /// <summary>Directories, the top one included: 1 or more.</summary>
    public long Directories { get; init; } = 1;

    /// <summary>Directories in one directory, as long as there are any left: 1 or more.</summary>
    public int FanOut { get; init; } = 10;

    /// <summary>
    /// Sizes that the files draw from, in bytes: each as often as any other, in an order that the seed chooses. From 1 to
    /// <see cref="MaxSizes"/> of them.
    /// </summary>
    public IReadOnlyList<long> Sizes { get; init; } = [16 * 1024];

    /// <summary>What the bytes of the files look like.</summary>
    public ContentProfile Content { get; init; } = ContentProfile.Random;

    /// <summary>Extensions that the files draw from: a dot, and letters or digits. From 1 to 256 of them.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [".bin"];

    /// <summary>Attributes of every file: those that programs may set, and compressed and sparse (of which all is data).</summary>
    public FileAttributes Attributes { get; init; }

    /// <summary>Why no such tree can be made, as a field and a clause; null when it can.</summary>
    internal (string Field, string Rule)? WhyInvalid(VolumeSettings settings)
    {
        const FileAttributes allowed =
            FileAttributes.ReadOnly | FileAttributes.Hidden | FileAttributes.System | FileAttributes.Archive
            | FileAttributes.Temporary | FileAttributes.Offline | FileAttributes.NotContentIndexed
            | FileAttributes.Compressed | FileAttributes.SparseFile;
        return Files < 0 || Directories < 1 || Files > MaxEntries || Directories > MaxEntries || Files + Directories > MaxEntries
            ? (nameof(Files), $"a tree has 1 directory or more, and at most {MaxEntries} files and directories")
            : FanOut < 1 ? (nameof(FanOut), "a directory has room for 1 directory or more")
            : Sizes.Count is 0 or > MaxSizes ? (nameof(Sizes), $"there are 1 to {MaxSizes} sizes to draw from")
            : Sizes.Any(size => size < 0 || size > settings.MaxFileBytes)
                ? (nameof(Sizes), $"a size is from 0 to {settings.MaxFileBytes} bytes with {settings.ClusterBytes}-byte clusters")
            : !Content.IsValid ? (nameof(Content), "a parameter of the content is out of range")
            : Extensions.Count is 0 or > 256 || !Extensions.All(IsExtension)
                ? (nameof(Extensions), $"an extension is a dot and up to {MaxExtensionUnits - 1} letters or digits of ASCII, and there are 1 to 256")
            : (Attributes & ~allowed) != FileAttributes.None
                ? (nameof(Attributes), $"'{Attributes & ~allowed}' cannot be given to all files of a generated tree")
            : (Attributes & FileAttributes.Compressed) != FileAttributes.None && settings.ClusterBytes > 4096
                ? (nameof(Attributes), "NTFS does not compress with clusters above 4 KiB")
            : null;
    }

    private static bool IsExtension(string text) =>
        text.Length is >= 2 and <= MaxExtensionUnits && text[0] == '.' && text.AsSpan(1).IndexOfAnyExcept(LettersAndDigits) < 0;

    private static readonly System.Buffers.SearchValues<char> LettersAndDigits =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
}
