using System.CommandLine;
using System.Globalization;
using Harness.Engine.Retention;
using Harness.Perf.Reporting;

namespace Harness.Perf.Keep;

/// <summary>The verb that measures a source of many recovery points. Its times are recorded and never gate.</summary>
internal static class KeepCommand
{
    public static Command Create()
    {
        var points = CommonOptions.Count("--points", RecoveryPointLimit.Most, "Recovery points to make.");
        var json = CommonOptions.Json();
        var output = CommonOptions.Out();
        var command = new Command("keep", "A source of 9,999 recovery points: made, listed, forgotten, pruned, checked.")
        {
            points, json, output,
        };
        command.SetAction(async (parsed, _) =>
        {
            var count = parsed.GetValue(points);
            var steps = await KeepRun.MeasureAsync(count);
            var surroundings = Surroundings.Now($"keep --points {count}");
            Results.Write(
                "keep",
                new { Surroundings = surroundings, Points = count, Steps = steps },
                Results.Head("Keep", surroundings) + Table(steps),
                parsed.GetValue(json),
                parsed.GetValue(output));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string Table(IReadOnlyList<KeepStep> steps)
    {
        var table = new MarkdownTable("step", "points", "requests", "sent KiB", "received KiB", "CPU s", "peak MiB", "allocated MiB");
        foreach (var step in steps)
        {
            table.Add(
                step.Step,
                Number(step.Points),
                Number(step.Requests),
                Number(step.SentBytes / 1024.0),
                Number(step.ReceivedBytes / 1024.0),
                step.Cost.ProcessorSeconds.ToString("0.00", CultureInfo.InvariantCulture),
                Number(step.Cost.PeakResidentBytes / (double)(1 << 20)),
                Number(step.Cost.AllocatedBytes / (double)(1 << 20)));
        }

        return table.ToString();
    }

    private static string Number(double? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? "";
}
