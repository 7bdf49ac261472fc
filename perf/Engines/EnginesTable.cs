using System.Globalization;
using Harness.Perf.Reporting;

namespace Harness.Perf.Engines;

/// <summary>Medians over the rounds, ours over the better of the others, and the aims.</summary>
internal static class EnginesTable
{
    private const double MiB = 1 << 20;
    private const string Ours = "harness";

    public static string Of(IReadOnlyList<EngineStep> steps)
    {
        var table = new MarkdownTable(
            "step", "tool", "wall s", "CPU s", "peak MiB", "edited MiB", "stored MiB", "added MiB", "sent MiB");
        foreach (var group in steps.GroupBy(step => (step.Step, step.Tool)).OrderBy(group => Order(steps, group.Key.Step))
            .ThenBy(group => Order(group.Key.Tool)))
        {
            table.Add(
                group.Key.Step,
                group.Key.Tool,
                Number(Median(group, step => step.WallSeconds), "0.00"),
                Number(Median(group, step => step.ProcessorSeconds), "0.00"),
                Number(Median(group, step => step.PeakResidentBytes / MiB), "0"),
                Number(Median(group, step => step.EditedBytes / MiB), "0.000"),
                Number(Median(group, step => step.StoredBytes / MiB), "0"),
                Number(Median(group, step => step.AddedBytes / MiB), "0.000"),
                Number(Median(group, step => step.SentBytes / MiB), "0.000"));
        }

        return table.ToString();
    }

    /// <summary>Ours over the better of the others, by the medians: of each figure the best other one.</summary>
    public static IReadOnlyList<EngineRatio> Ratios(IReadOnlyList<EngineStep> steps) =>
    [
        .. steps.GroupBy(step => step.Step).OrderBy(group => Order(steps, group.Key)).Select(group => new EngineRatio(
            group.Key,
            Ratio(group, step => step.WallSeconds),
            Ratio(group, step => step.ProcessorSeconds),
            Ratio(group, step => step.PeakResidentBytes),
            Ratio(group, step => step.StoredBytes),
            group.Key switch { "initial" => 0.4, "restore" or "check-read-data" => 0.5, _ => 0.3 })),
    ];

    public static string Of(IReadOnlyList<EngineRatio> ratios)
    {
        var table = new MarkdownTable("ours / the better of the others", "wall", "aim", "CPU", "peak", "stored");
        foreach (var ratio in ratios)
        {
            table.Add(
                ratio.Step, Number(ratio.Wall, "0.00"), Number(ratio.WallAim, "0.0"), Number(ratio.Processor, "0.00"),
                Number(ratio.Peak, "0.00"), Number(ratio.Stored, "0.00"));
        }

        return table.ToString();
    }

    private static double? Ratio(IGrouping<string, EngineStep> step, Func<EngineStep, double?> figure)
    {
        var medians = step.GroupBy(row => row.Tool).ToDictionary(group => group.Key, group => Median(group, figure));
        var others = medians.Where(pair => pair.Key != Ours).Select(pair => pair.Value).OfType<double>().ToList();
        return medians.TryGetValue(Ours, out var ours) && ours is { } value && others.Count > 0 && others.Min() > 0
            ? Math.Round(value / others.Min(), 3)
            : null;
    }

    private static double? Median(IEnumerable<EngineStep> rows, Func<EngineStep, double?> figure)
    {
        var values = rows.Select(figure).OfType<double>().Order().ToList();
        return values.Count == 0 ? null : (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }

    private static int Order(IReadOnlyList<EngineStep> steps, string name) => steps.TakeWhile(step => step.Step != name).Count();

    private static int Order(string tool) => tool == Ours ? 0 : tool[0];

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>Ours over the better of the others at one step; null where there is no other.</summary>
/// <param name="Step">Name of the step.</param>
/// <param name="Wall">Of wall time.</param>
/// <param name="Processor">Of processor time.</param>
/// <param name="Peak">Of peak memory.</param>
/// <param name="Stored">Of bytes stored after the step.</param>
/// <param name="WallAim">What the ratio of wall time should be at most.</param>
internal sealed record EngineRatio(string Step, double? Wall, double? Processor, double? Peak, double? Stored, double WallAim);
