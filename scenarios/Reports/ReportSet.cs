using Harness.Engine.Errors;
using Harness.Scenarios.Reports.Pages;
using Harness.Scenarios.Running;
using Harness.Scenarios.Yaml;

namespace Harness.Scenarios.Reports;

/// <summary>The reports to render beside results.jsonl.</summary>
public sealed class ReportSet
{
    private static readonly Dictionary<string, (string File, Func<IReadOnlyList<CellResult>, RunHeader, string> Render)> Known = new(StringComparer.Ordinal)
    {
        ["html"] = (HtmlReport.FileName, (results, _) => HtmlReport.Render(results)),
        ["junit"] = ("junit.xml", (results, _) => JUnitReport.Render(results)),
        ["ctrf"] = ("ctrf.json", CtrfReport.Render),
        ["md"] = ("report.md", (results, _) => MarkdownReport.Render(results)),
    };

    private readonly IReadOnlyList<string> _names;

    private ReportSet(IReadOnlyList<string> names) => _names = names;

    /// <summary>What the page shows beside the results.</summary>
    public PageContext Page { get; set; } = PageContext.Default;

    /// <summary>Takes names; ArgumentInvalid with the known ones for another.</summary>
    public static ReportSet Parse(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (var name in names.Where(name => !Known.ContainsKey(name)))
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"There is no report '{name}'.{DidYouMean.Hint(name, Known.Keys)}",
                DidYouMean.Allowed(Known.Keys));
        }

        return new ReportSet([.. names.Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Renders every report into a directory.</summary>
    public void Write(string directory, IReadOnlyList<CellResult> results, RunHeader header)
    {
        foreach (var (file, render) in _names.Select(name => Known[name]))
        {
            var text = file == HtmlReport.FileName ? HtmlReport.Render(results, Page) : render(results, header);
            File.WriteAllText(Path.Combine(directory, file), text);
        }
    }
}
