using System.CommandLine;
using System.Globalization;
using Harness.Perf.Reporting;

namespace Harness.Perf.Counters;

/// <summary>The verb that gates: deterministic counters against the accepted ones.</summary>
internal static class CountersCommand
{
    private static readonly Option<bool> AcceptOption = new("--accept")
    {
        Description = "Write what was measured as the new baseline; the commit that does so says why.",
    };

    private static readonly Option<FileInfo?> BaselineOption = new("--baseline")
    {
        Description = "The accepted counters (default: perf/baseline.json of the working copy).",
    };

    public static Command Create()
    {
        var json = CommonOptions.Json();
        var output = CommonOptions.Out();
        var command = new Command("counters", "Deterministic counters of a fixed workload; exit 2 when they left the baseline.")
        {
            json, output, AcceptOption, BaselineOption,
        };
        command.SetAction(async (parsed, cancellationToken) => SettledProcess.IsThis
            ? Run(
                parsed.GetValue(json),
                parsed.GetValue(output),
                parsed.GetValue(AcceptOption),
                parsed.GetValue(BaselineOption)?.FullName ?? CounterBaseline.DefaultPath())
            : await SettledProcess.RunAsync(cancellationToken));
        return command;
    }

    private static int Run(bool asJson, DirectoryInfo? output, bool accept, string baselinePath)
    {
        var baseline = CounterBaseline.Read(baselinePath);
        var measured = CounterWorkload.Measure();
        var differences = CounterComparison.Between(baseline ?? [], measured);
        if (accept)
        {
            CounterBaseline.Write(baselinePath, measured);
        }

        var surroundings = Surroundings.Now("counters");
        Results.Write(
            "counters",
            new { Surroundings = surroundings, Counters = measured, Differences = differences },
            Results.Head("Counters", surroundings) + Table(measured),
            asJson,
            output);
        if (differences.Count == 0)
        {
            return ExitCodes.Ok;
        }

        Console.Error.WriteLine(baseline is null ? "There is no baseline yet." : "These counters differ from the baseline:");
        Console.Error.Write(Table(differences));
        Console.Error.WriteLine(accept
            ? $"Accepted into {baselinePath}; say in the commit why they changed."
            : "If that is meant, run again with --accept and say in the commit why they changed.");
        return accept ? ExitCodes.Ok : ExitCodes.Unexpected;
    }

    private static string Table(IReadOnlyList<CounterSet> counters)
    {
        var table = new MarkdownTable(["step", .. counters[0].Values().Select(value => value.Name)]);
        foreach (var set in counters)
        {
            table.Add([set.Step, .. set.Values().Select(value => Show(value.Value))]);
        }

        return table.ToString();
    }

    private static string Table(IReadOnlyList<CounterDifference> differences)
    {
        var table = new MarkdownTable("step", "counter", "old", "new", "change");
        foreach (var item in differences)
        {
            table.Add(item.Step, item.Counter, Show(item.Old), Show(item.New), Change(item));
        }

        return table.ToString();
    }

    private static string Show(long? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? "none";

    private static string Change(CounterDifference item) => item switch
    {
        { Old: null } => "added",
        { New: null } => "gone",
        { Old: 0 } => "from 0",
        _ => (((double)item.New.Value / item.Old.Value) - 1).ToString("+0.00 %;-0.00 %", CultureInfo.InvariantCulture),
    };
}
