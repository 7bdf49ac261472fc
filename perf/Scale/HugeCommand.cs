using System.CommandLine;
using Harness.Perf.Macro;
using Harness.Perf.Reporting;

namespace Harness.Perf.Scale;

/// <summary>The verb that protects the largest source there may be. Its times are recorded and never gate.</summary>
internal static class HugeCommand
{
    private static readonly Option<int> VolumeOption = CommonOptions.Count("--volume-gib", 54_400, "Logical GiB of the source.");
    private static readonly Option<int> PagesOption = CommonOptions.Count("--pages", 1_000_000, "Pages of 4 KiB written each time.");
    private static readonly Option<DirectoryInfo?> WorkOption = new("--work")
    {
        Description = "Where to make vault and scratch location: a new directory below this one, deleted afterwards (default: the temporary directory).",
    };

    public static Command Create()
    {
        var json = CommonOptions.Json();
        var output = CommonOptions.Out();
        var command = new Command("huge", "The engine in this process on a simulated source of the largest size, a million pages of it changed.")
        {
            VolumeOption, PagesOption, WorkOption, json, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (gib, pages) = (parsed.GetValue(VolumeOption), parsed.GetValue(PagesOption));
            var work = parsed.GetValue(WorkOption)?.FullName ?? Path.GetTempPath();
            var directory = Directory.CreateDirectory(Path.Combine(work, $"harness-huge-{Environment.ProcessId}")).FullName;
            try
            {
                var steps = await new HugeBackupRun(directory, (long)gib << 30, pages).RunAsync(cancellationToken);
                var surroundings = Surroundings.Now($"huge --volume-gib {gib} --pages {pages}");
                Results.Write(
                    "huge",
                    new { Surroundings = surroundings, VolumeGib = gib, Pages = pages, Steps = steps },
                    Results.Head("Huge", surroundings) + MacroCommand.Table(steps),
                    parsed.GetValue(json),
                    parsed.GetValue(output));
            }
            finally
            {
                Directory.Delete(directory, recursive: true);
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
