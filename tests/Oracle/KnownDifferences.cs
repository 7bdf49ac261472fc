namespace Harness.Tests.Oracle;

/// <summary>
/// Where ntfs-3g is not Windows: the only place that makes the oracle look away. Every row is described with its source in
/// simulator/KNOWN_DIFFERENCES.md, which a test holds against this table.
/// </summary>
internal static class KnownDifferences
{
    /// <summary>Refusals of the simulated volume, by a part of their text, that the driver does not make.</summary>
    private static readonly (string Id, string Rule)[] DriverAccepts =
    [
        ("read-only-data", "the file is read-only"),
        ("read-only-delete", "it is read-only"),
        ("reserved-names", "the name is reserved"),
        ("reserved-characters", "which Windows reserves"),
        ("trailing-dot", "which Windows strips"),
        (Case, "names that differ in case only"),
        ("stream-names", "a stream name"),
        ("reparse-tag-change", "it carries another reparse tag already"),
        ("junction-not-empty", "a directory that is not empty takes only tags"),
        ("junction-on-file", "only a directory can be a mount point"),
    ];

    /// <summary>Differences that the comparer knows, with what it does about them.</summary>
    public static IReadOnlyList<string> Compared { get; } =
    [
        SparseByExtension, SparseUnit, CompressedEstimate, FileCompression, ChangeTime, AccessTime, InheritedSecurity,
        ReparseContent, DirectoryArchive, TimesKept,
        CompressedOverwrite, InterixFiles, ArchiveByName,
        CompressedRewriteError, StreamDeletionTime,
        DirectoryStreamCompression, SameSizeTime, CompressedZeros, Tunnelling,
    ];

    /// <summary>The driver takes names that differ in case only for different ones.</summary>
    public const string Case = "case";

    /// <summary>The driver makes a file sparse that is extended; Windows fills it with zeros.</summary>
    public const string SparseByExtension = "sparse-by-extension";

    /// <summary>The driver makes holes of one cluster; Windows of 64 KiB.</summary>
    public const string SparseUnit = "sparse-unit";

    /// <summary>What is left of a compressed unit is estimated by the simulation.</summary>
    public const string CompressedEstimate = "compressed-estimate";

    /// <summary>The driver compresses by directory only, not an existing file.</summary>
    public const string FileCompression = "file-compression";

    /// <summary>The driver does not let the change time be set.</summary>
    public const string ChangeTime = "change-time";

    /// <summary>Which operations move the access time is up to the mount options.</summary>
    public const string AccessTime = "access-time";

    /// <summary>What a new file inherits.</summary>
    public const string InheritedSecurity = "inherited-security";

    /// <summary>The driver shows a link in place of a reparse point; what is behind it is out of reach.</summary>
    public const string ReparseContent = "reparse-content";

    /// <summary>The driver marks new directories for archiving; Windows does not.</summary>
    public const string DirectoryArchive = "directory-archive";

    /// <summary>The driver keeps times that were set until it forgets the file, whatever is written meanwhile.</summary>
    public const string TimesKept = "times-kept";

    /// <summary>The driver leaves a compressed unit uncompressed that is written a second time.</summary>
    public const string CompressedOverwrite = "compressed-overwrite";

    /// <summary>The driver shows a system file of 0 or 1 bytes as a pipe or socket, as Interix did.</summary>
    public const string InterixFiles = "interix-files";

    /// <summary>The driver marks a file for archiving when it gets another link, and not when a stream is deleted.</summary>
    public const string ArchiveByName = "archive-by-name";

    /// <summary>The driver can fail to write into compressed data a second time; that file is then given up.</summary>
    public const string CompressedRewriteError = "compressed-rewrite-error";

    /// <summary>The driver can leave the write time as it is when a stream is deleted.</summary>
    public const string StreamDeletionTime = "stream-deletion-time";

    /// <summary>The driver compresses an old stream of a directory that was compressed since, when it leaves the record.</summary>
    public const string DirectoryStreamCompression = "directory-stream-compression";

    /// <summary>The driver moves the write time of a file that is set to the size it has.</summary>
    public const string SameSizeTime = "same-size-time";

    /// <summary>The driver frees clusters of a compressed file that it goes on using, when zeros are written into its holes.</summary>
    public const string CompressedZeros = "compressed-zeros";

    /// <summary>The driver gives a name that comes again nothing of the file that had it.</summary>
    public const string Tunnelling = "tunnelling";

    /// <summary>Every identifier, for the test of the document.</summary>
    public static IEnumerable<string> All => DriverAccepts.Select(row => row.Id).Concat(Compared);

    /// <summary>
    /// Which row says that the driver would do what the simulated volume refused; null when it must refuse too. Such an
    /// operation is not sent to the driver.
    /// </summary>
    public static string? ForRefusal(string rule) => DriverAccepts
        .Where(row => rule.Contains(row.Rule, StringComparison.Ordinal)).Select(row => row.Id).FirstOrDefault();
}
