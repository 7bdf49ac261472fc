using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Harness.Engine.Rules;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports;

/// <summary>
/// One self-contained page that works offline: every clause of the profiles by full, incremental and restore and by vault,
/// with the clause quoted and each cell's expected and actual. The data is inlined as JSON; no script is built from it.
/// </summary>
public static class HtmlReport
{
    private const string Prefix = "Harness.Scenarios.Reports.Page.";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Renders the page.</summary>
    public static string Render(IReadOnlyList<CellResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var data = new
        {
            Totals = RunTotals.Of(results).ToString(),
            Commits = results.Select(r => r.Commit).Distinct(StringComparer.Ordinal),
            Vaults = results.Select(r => r.Vault).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            Profiles = results.Select(r => r.Profile).Append(ProfileCatalog.DefaultId).Distinct(StringComparer.Ordinal)
                .Where(id => ProfileCatalog.Ids.Contains(id)).Select(ProfileCatalog.Load)
                .Select(profile => new { profile.Id, profile.Title, profile.Clauses }),
            Results = results,
        };

        // The default encoder escapes '<', '>' and '&', so no text can end the script element.
        return Part("page.html")
            .Replace("/*STYLE*/", Part("page.css"), StringComparison.Ordinal)
            .Replace("/*SCRIPT*/", Part("page.js"), StringComparison.Ordinal)
            .Replace("/*DATA*/", JsonSerializer.Serialize(data, Json), StringComparison.Ordinal);
    }

    private static string Part(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
