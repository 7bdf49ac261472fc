using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>Every object and field that a recipe may have.</summary>
internal static class RecipeShapes
{
    public static readonly string[] StorageNames = ["sparse", "compressed", "encrypted"];

    public static readonly string[] AttributeNames =
        [.. StorageNames, "read-only", "hidden", "system", "archive", "temporary", "offline", "not-content-indexed", "normal"];

    public static readonly string[] Actions =
    [
        "write", "overwrite", "append", "insert", "truncate", "zero", "rename", "link", "delete", "create", "touch",
        "set-attributes", "set-sparse", "compress", "decompress", "encrypt", "decrypt", "set-short-name", "set-object-id",
        "delete-object-id", "set-extended-attributes", "set-case-sensitive", "clear-case-sensitive", "set-valid-data",
        "set-allocation",
    ];

    private static readonly FieldShape[] Content =
    [
        new("content", FieldForm.Choice, "What the bytes look like.", ["generated", "text", "zeros", "literal"]),
        new("text", FieldForm.Text, "The bytes of literal content, as UTF-8."),
        new("compressesTo", FieldForm.Fraction, "What a compressor leaves of generated content, 0 to 1; 1 is incompressible."),
        new("duplicates", FieldForm.Fraction, "Share of 64 KiB blocks drawn from a pool that the volume shares, 0 to 1."),
    ];

    private static readonly FieldShape[] Data =
    [
        new("size", FieldForm.Size, "Logical size, as 4KiB or 54400GB (1 GB = 2^30 bytes)."),
        .. Content,
        new("allocated", FieldForm.Texts, "Ranges of a sparse stream that hold data: from..to (to excluded) or start+length."),
        new("duplicateOf", FieldForm.Text, "An earlier entry whose own data is copied."),
        new("validData", FieldForm.Size, "Bytes from the beginning that were written; the rest reads as zeros, though it is allocated."),
    ];

    public static readonly ObjectShape ExtendedAttribute = new(
        "extended attribute",
        [
            new("name", FieldForm.Text, "Name, 1 to 255 ASCII characters; kept in upper case.", IsRequired: true),
            new("value", FieldForm.Text, "Value in Base64."),
            new("text", FieldForm.Text, "Value as UTF-8, in place of 'value'."),
            new("needed", FieldForm.Flag, "Programs that do not understand it must not use the file (FILE_NEED_EA)."),
        ]);

    private static readonly FieldShape ExtendedAttributes =
        new("extendedAttributes", FieldForm.Objects, "Extended attributes.", Item: ExtendedAttribute);

    private static readonly FieldShape ObjectId =
        new("objectId", FieldForm.Text, "Object id: a GUID, or Base64 of 64 bytes with its birth.");

    public static readonly ObjectShape QuotaOwner = new(
        "owner",
        [
            new("sid", FieldForm.Text, "Security identifier.", IsRequired: true),
            new("limit", FieldForm.Size, "Most bytes; none when absent."),
            new("threshold", FieldForm.Size, "Bytes above which a warning is due."),
        ]);

    public static readonly ObjectShape Quota = new(
        "quota",
        [
            new("mode", FieldForm.Choice, "Whether limits refuse, or only count.", ["tracked", "enforced"]),
            new("limit", FieldForm.Size, "Limit of owners who are not listed; none when absent."),
            new("threshold", FieldForm.Size, "Their threshold."),
            new("owners", FieldForm.Objects, "Owners with limits of their own.", Item: QuotaOwner),
        ]);

    public static readonly ObjectShape Volume = new(
        "volume",
        [
            new("label", FieldForm.Text, "Name of the volume and of its data source."),
            new("size", FieldForm.Size, "Capacity; the most that the cluster size allows when absent."),
            new("cluster", FieldForm.Size, "Allocation unit, 512B to 2MiB."),
            new("sparseUnit", FieldForm.Size, "Unit of holes where it is not that of NTFS, 64KiB with 4KiB clusters."),
            new("fileSystem", FieldForm.Choice, "File system.", ["ntfs", "refs", "fat", "exfat", "other"]),
            new("fileSystemName", FieldForm.Text, "Its name for people."),
            new("caseSensitive", FieldForm.Flag, "Names that differ in case only are different."),
            new("shortNames", FieldForm.Flag, "Files get short (8.3) names beside long ones."),
            new("kind", FieldForm.Choice, "Where the volume is.", ["fixed", "removable", "network"]),
            new("lastAccess", FieldForm.Choice, "Whether reading moves the access time.", ["updated", "kept"]),
            new("tunnelSeconds", FieldForm.Whole, "How long a name that went gives its creation time to the next; 0 is not, 15 as Windows."),
            new("chargeInternalFiles", FieldForm.Flag, "The change journal and the diff area take space on the volume."),
            new("user", FieldForm.Text, "SID of who works on the volume and owns files without a descriptor."),
            new("quota", FieldForm.Object, "Quotas by owner.", Item: Quota),
            new("readOnly", FieldForm.Flag, "Cannot be written once it is built."),
            new("offline", FieldForm.Flag, "Is offline."),
            new("locked", FieldForm.Flag, "Is locked by BitLocker."),
        ]);

    public static readonly ObjectShape Sizes = new(
        "sizes",
        [
            new("distribution", FieldForm.Choice, "How sizes are drawn.", ["lognormal", "fixed", "uniform", "list"]),
            new("median", FieldForm.Size, "Median of lognormal sizes, the size of fixed ones."),
            new("sigma", FieldForm.Fraction, "Spread of lognormal sizes (standard deviation of the logarithm)."),
            new("min", FieldForm.Size, "No file is smaller."),
            new("max", FieldForm.Size, "No file is larger."),
            new("values", FieldForm.Sizes, "Sizes to choose from."),
        ]);

    public static readonly ObjectShape Tree = new(
        "tree",
        [
            new("path", FieldForm.Text, "Directory that holds the tree."),
            new("files", FieldForm.Whole, "Number of files.", IsRequired: true),
            new("depth", FieldForm.Whole, "Levels of directories."),
            new("fanOut", FieldForm.Whole, "Directories in one directory."),
            new("lazy", FieldForm.Flag, "Generates entries when they are looked at, so any number costs nothing; names are plain."),
            new("names", FieldForm.Choice, "Style of names.", ["office", "plain"]),
            new("sizes", FieldForm.Object, "Sizes of the files.", Item: Sizes),
            new("attributes", FieldForm.Choices, "Attributes of every file.", AttributeNames),
            .. Content.Where(field => field.Name != "text"),
        ]);

    public static readonly ObjectShape Stream = new(
        "stream",
        [
            new("name", FieldForm.Text, "Name of the stream.", IsRequired: true),
            new("attributes", FieldForm.Choices, "How it is stored.", StorageNames),
            .. Data,
        ]);

    public static readonly ObjectShape Entry = new(
        "entry",
        [
            new("path", FieldForm.Text, "Path on the volume with '/'.", IsRequired: true),
            new("type", FieldForm.Choice, "What it is.", ["file", "directory", "hard-link", "reparse-point", "special", "mount-point"]),
            new("attributes", FieldForm.Choices, "Attributes.", AttributeNames),
            new("force", FieldForm.Flag, "Makes states that NTFS refuses."),
            .. Data,
            new("streams", FieldForm.Objects, "Named streams.", Item: Stream),
            new("tag", FieldForm.Text, $"Reparse tag: 0x and digits, or {string.Join(", ", ReparseTags.Names)}."),
            new("target", FieldForm.Text, "The file that a hard link names, or where a reparse point leads."),
            new("reparseData", FieldForm.Text, "Reparse data in Base64, in place of the target."),
            new("created", FieldForm.Text, "Creation time: ISO 8601 UTC to 100 ns, or a FILETIME as a number."),
            new("written", FieldForm.Text, "Time of the last write, likewise."),
            new("changed", FieldForm.Text, "Time of the last change, likewise."),
            new("accessed", FieldForm.Text, "Time of the last access, likewise."),
            new("security", FieldForm.Text, "Access control: windows:BASE64 of a self-relative descriptor, or posix:MODE:UID:GID."),
            new("links", FieldForm.Whole, "Names of the file in all, when some lie outside of the recipe."),
            new("bits", FieldForm.Text, "Further attribute bits as 0x and digits, which programs cannot set."),
            new("directory", FieldForm.Flag, "The reparse point is a directory."),
            new("reparseGuid", FieldForm.Text, "GUID of the owner of a tag that is not Microsoft's."),
            new("shortName", FieldForm.Text, "Short (8.3) name in place of the one that Windows gives; '' is none."),
            ObjectId,
            ExtendedAttributes,
            new("caseSensitive", FieldForm.Flag, "Names in the directory differ by case; directories below inherit it."),
        ]);

    public static readonly ObjectShape Edit = new(
        "edit",
        [
            new("action", FieldForm.Choice, "What is done.", Actions, IsRequired: true),
            new("path", FieldForm.Text, "The file; with pick a directory.", IsRequired: true),
            new("pick", FieldForm.Whole, "Does it to so many files below the path, drawn at random."),
            new("offset", FieldForm.Size, "First byte."),
            new("size", FieldForm.Size, "Bytes written, appended, inserted or zeroed; the new size of truncate and create, the new valid data length or allocation."),
            new("percent", FieldForm.Fraction, "Share of 4 KiB pages that overwrite draws, in percent."),
            new("to", FieldForm.Text, "New path of a rename or link; the new short name, '' for none."),
            ObjectId,
            ExtendedAttributes,
            new("attributes", FieldForm.Choices, "Attributes to set.", AttributeNames[StorageNames.Length..]),
            .. Content,
        ]);

    public static readonly ObjectShape Recipe = new(
        "recipe",
        [
            new("seed", FieldForm.Whole, "Seed of everything that has none of its own."),
            new("volume", FieldForm.Object, "The volume.", Item: Volume),
            new("trees", FieldForm.Objects, "Generated trees.", Item: Tree),
            new("entries", FieldForm.Objects, "Single entries, made after the trees.", Item: Entry),
            new("edits", FieldForm.ObjectsByName, "Named sets of edits.", Item: Edit),
        ]);
}
