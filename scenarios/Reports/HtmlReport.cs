using System.Reflection;
using System.Text.RegularExpressions;
using Harness.Scenarios.Reports.Pages;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports;

/// <summary>
/// One self-contained page that works offline: every clause of every profile by full, incremental and restore, by vault, by
/// profile and by the last runs, with each cell's evidence. The data is inlined; no script is built from it.
/// </summary>
public static partial class HtmlReport
{
    /// <summary>The file's name within the out directory.</summary>
    public const string FileName = "report.html";

    private const string Folder = "Page/";

    /// <summary>Renders the page of a run of the catalogue that is built in, without earlier runs.</summary>
    public static string Render(IReadOnlyList<CellResult> results) => Render(results, PageContext.Default);

    /// <summary>Renders the page.</summary>
    public static string Render(IReadOnlyList<CellResult> results, PageContext context)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(context);
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["/*STYLE*/"] = Parts("css/") + Parts("vendor/", ".css"),
            ["/*CHARTS*/"] = $"/*{Parts("vendor/", "LICENSE")}*/\n" + Parts("vendor/", ".js").Replace("https://", "", StringComparison.Ordinal),
            ["/*SCRIPT*/"] = Parts("js/"),
            ["/*INDEX*/"] = PageJson.Text(new PageIndex(results).Data),
            ["/*RULES*/"] = PageJson.Packed(PageRules.Of(context)),
            ["/*FIGURES*/"] = PageJson.Packed(PageFigures.Of(results, context.History)),
            ["/*DETAILS*/"] = PageDetails.Of(results),
        };

        // In one pass: what is put in may hold anything, a mark too.
        return Mark().Replace(Parts("page.html"), mark => parts[mark.Value]);
    }

    /// <summary>The files of a folder in the order of their names.</summary>
    private static string Parts(string folder, string ending = "") => string.Concat(Assembly.GetExecutingAssembly()
        .GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder + folder, StringComparison.Ordinal) && name.EndsWith(ending, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(Part));

    private static string Part(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"/\*[A-Z]+\*/", RegexOptions.None, 1000)]
    private static partial Regex Mark();
}
