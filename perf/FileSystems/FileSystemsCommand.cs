using System.CommandLine;
using System.Globalization;
using Harness.Perf.Reporting;

namespace Harness.Perf.FileSystems;

/// <summary>The verb that measures the simulated volume beside other file systems, as the number of files grows.</summary>
internal static class FileSystemsCommand
{
    private static readonly int[] Sizes = [10_000, 50_000, 200_000];

    public static Command Create()
    {
        var budget = CommonOptions.Count("--budget", 60, "Seconds that filling one file system may take; larger sizes are left out.");
        var json = CommonOptions.Json();
        var output = CommonOptions.Out();
        var command = new Command("file-systems", "The simulated volume beside other file systems, as the number of files grows.")
        {
            budget, json, output,
        };
        command.SetAction(parsed =>
        {
            var rows = Measure(parsed.GetValue(budget));
            var surroundings = Surroundings.Now("compare file-systems");
            Results.Write(
                "compare-file-systems",
                new CompareDocument(surroundings, rows),
                Results.Head("Comparison", surroundings) + Table(rows),
                parsed.GetValue(json),
                parsed.GetValue(output));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static List<ComparedRow> Measure(int budgetSeconds)
    {
        var systems = new List<Func<int, IComparedSystem>>
        {
            _ => new SimulatedVolume(),
            _ => new SimulatedFileSystem(),
            _ => new MockedFileSystem(),
            _ => RealDirectory.Temporary(),
        };
        if (NtfsImage.IsAvailable)
        {
            systems.Add(NtfsImage.Mount);
        }

        return [.. systems.SelectMany(system => CompareRun.Measure(system, Sizes, budgetSeconds))];
    }

    private static string Table(List<ComparedRow> rows)
    {
        var table = new MarkdownTable(
            "file system", "files", "bytes a file", "created a second", "a CPU second", "list 100, us", "CPU us");
        foreach (var row in rows)
        {
            table.Add(
                row.System, Number(row.Files), Number(row.BytesPerFile), Number(row.CreatePerSecond),
                Number(row.CreatePerCpuSecond), Number(row.ListMicroseconds), Number(row.ListCpuMicroseconds));
        }

        return table.ToString();
    }

    private static string Number(double? value) => value?.ToString("#,0.#", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>The JSON document of the verb.</summary>
internal sealed record CompareDocument(Surroundings Surroundings, IReadOnlyList<ComparedRow> Rows);
