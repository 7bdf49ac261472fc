using System.Text;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports;

/// <summary>A Markdown summary for pull requests: totals, everything unexpected, and lines to paste; at most 60 KB.</summary>
public static class MarkdownReport
{
    private const int MaxBytes = 60_000;
    private const int MaxTextLength = 300;

    /// <summary>Renders the document.</summary>
    public static string Render(IReadOnlyList<CellResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var text = new StringBuilder();
        text.Append($"# Harness: {RunTotals.Of(results)}\n\n");
        var first = results.FirstOrDefault();
        if (first is not null)
        {
            text.Append($"Commit `{first.Commit}`, profiles {string.Join(", ", results.Select(r => r.Profile).Distinct().Order())}, ");
            text.Append($"vaults {string.Join(", ", results.Select(r => r.Vault).Distinct().Order())}.\n\n");
        }

        AppendTotals(text, results);
        AppendUnexpected(text, [.. results.Where(r => CellStates.IsFailure(r.State))]);
        return text.ToString();
    }

    private static void AppendTotals(StringBuilder text, IReadOnlyList<CellResult> results)
    {
        text.Append("| vault | passed | failed | skipped | bytes sent | requests |\n|---|---:|---:|---:|---:|---:|\n");
        foreach (var vault in results.GroupBy(r => r.Vault).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var totals = RunTotals.Of([.. vault]);
            text.Append($"| {Escape(vault.Key)} | {totals.Passed} | {totals.Failed} | {totals.Skipped} ");
            text.Append($"| {vault.Sum(r => r.SentBytes):#,0} | {vault.Sum(r => r.Requests):#,0} |\n");
        }
    }

    private static void AppendUnexpected(StringBuilder text, IReadOnlyList<CellResult> failures)
    {
        if (failures.Count == 0)
        {
            return;
        }

        text.Append("\n## Unexpected\n\n| | cell | clause | reason |\n|---|---|---|---|\n");
        var lines = new StringBuilder();
        var shown = 0;
        foreach (var failure in failures)
        {
            var row = $"| {CellStates.Symbol(failure.State)} {CellStates.Name(failure.State)} | {Escape(failure.Id)} "
                + $"| {Escape(failure.Clause)} | {Escape(failure.Reason ?? "")} |\n";
            var line = failure.Repro + "\n";
            if (Encoding.UTF8.GetByteCount(text.ToString()) + Encoding.UTF8.GetByteCount(lines + row + line) > MaxBytes - 500)
            {
                break;
            }

            text.Append(row);
            lines.Append(line);
            shown++;
        }

        if (shown < failures.Count)
        {
            text.Append($"\n... and {failures.Count - shown} more in results.jsonl.\n");
        }

        text.Append("\n## Reproduce\n\n```sh\n").Append(lines).Append("```\n");
    }

    private static string Escape(string value)
    {
        var text = value.Length > MaxTextLength ? value[..MaxTextLength] + "..." : value;
        return text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal).ReplaceLineEndings(" ");
    }
}
