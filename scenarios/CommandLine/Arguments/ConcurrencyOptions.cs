using System.CommandLine;
using Harness.Engine.Backup;

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

    /// <summary>The options of a backup.</summary>
    public static BackupOptions Backup(ParseResult parse)
    {
        var options = new BackupOptions();
        return options with { UploadsAtOnce = parse.GetValue(Uploads) ?? options.UploadsAtOnce };
    }
}
