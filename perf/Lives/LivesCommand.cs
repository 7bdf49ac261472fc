using System.CommandLine;
using System.Globalization;
using Harness.Perf.Reporting;

namespace Harness.Perf.Lives;

/// <summary>
/// The verb that says how many whole simulated runs a core makes in a second: what bounds how many disasters a night can try.
/// </summary>
internal static class LivesCommand
{
    private static readonly Option<int> LivesOption = CommonOptions.Count("--lives", 4_000, "Lives to measure, as many before unmeasured: that long the compiler works on them.");

    public static Command Create()
    {
        var json = CommonOptions.Json();
        var output = CommonOptions.Out();
        var command = new Command("lives", "Whole simulated runs a second: backup, edit, incremental, restore, check of a small volume.")
        {
            LivesOption, json, output,
        };
        command.SetAction(parsed =>
        {
            var figures = LivesRun.Measure(parsed.GetValue(LivesOption));
            var surroundings = Surroundings.Now($"lives --lives {parsed.GetValue(LivesOption)}");
            var table = new MarkdownTable("lives", "a second", "a CPU second", "steps a life", "allocated a life");
            table.Add(
                Number(figures.Lives), Number(figures.PerSecond), Number(figures.PerProcessorSecond), Number(figures.StepsPerLife), Number(figures.AllocatedBytesPerLife));
            Results.Write(
                "lives", new { Surroundings = surroundings, Figures = figures }, Results.Head("Lives", surroundings) + table, parsed.GetValue(json), parsed.GetValue(output));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
