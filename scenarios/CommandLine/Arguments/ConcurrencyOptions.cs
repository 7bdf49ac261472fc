using System.CommandLine;
using Harness.Engine.Backup;
using Harness.Engine.Restore;

namespace Harness.Scenarios.CommandLine.Arguments;

/// <summary>The options that say how much goes on at once.</summary>
internal static class ConcurrencyOptions
{
    private const int MostUploads = 32;
    private const int MostWorkers = 256;

    /// <summary>Packs on their way to the vault at once.</summary>
    public static Option<int?> Uploads { get; } = new("--uploads")
    {
        Description = "Packs sent at once, 1 to 32, each with a pack of memory (default: 2).",
        HelpName = "N",
        CustomParser = result => (int?)Numbers.Read(result, 1, MostUploads),
    };

    /// <summary>Computations at once.</summary>
    public static Option<int?> Workers { get; } = new("--workers")
    {
        Description = "Threads that hash, compress and encrypt at once, 1 to 256 (default: as many as there are processors).",
        HelpName = "N",
        CustomParser = result => (int?)Numbers.Read(result, 1, MostWorkers),
    };

    /// <summary>Files that a restore writes at once.</summary>
    public static Option<int?> Writers { get; } = new("--writers")
    {
        Description = $"Files or batches of small files written at once, 1 to {RestoreOptions.MostWriters}, each with 3 MiB of memory (default: 4).",
        HelpName = "N",
        CustomParser = result => (int?)Numbers.Read(result, 1, RestoreOptions.MostWriters),
    };

    /// <summary>The options of a restore.</summary>
    public static RestoreOptions Restore(ParseResult parse)
    {
        var options = new RestoreOptions();
        return options with { WritersAtOnce = parse.GetValue(Writers) ?? options.WritersAtOnce };
    }

    /// <summary>The options of a backup.</summary>
    public static BackupOptions Backup(ParseResult parse)
    {
        var options = new BackupOptions();
        return options with { UploadsAtOnce = parse.GetValue(Uploads) ?? options.UploadsAtOnce };
    }
}
