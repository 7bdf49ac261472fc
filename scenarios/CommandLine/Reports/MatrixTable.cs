using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Model;
using Spectre.Console;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>A profile as a table: clause, verdict, the document's words, how sure it is, and the scenarios that prove it.</summary>
internal static class MatrixTable
{
    /// <summary>The row of one clause.</summary>
    public static MatrixRow Row(RuleProfile profile, Clause clause, ClauseCoverage coverage) => new(
        clause.Id,
        clause.Topic,
        clause.Title,
        ClauseVerdict.Of(profile, clause),
        clause.DocumentId,
        clause.Document,
        clause.Date,
        clause.Link,
        clause.Quote,
        clause.Status,
        clause.Note,
        clause.Contradictions,
        coverage.Of(profile.Id, clause.Id));

    /// <summary>Writes one profile.</summary>
    public static void Write(Terminal terminal, MatrixDocument profile)
    {
        terminal.Out.WriteLine($"Profile {profile.Profile}: {profile.Title}");
        var table = New(terminal, "clause", "verdict", "the document's words", "status", "scenarios");
        foreach (var row in profile.Clauses)
        {
            table.AddRow(
                new Text(row.Id),
                new Text(row.Verdict, Style(row)),
                new Text(Words(row)),
                new Text(Word(row.Status), new Style(row.Status == ClauseStatus.Documented ? Color.Default : Color.Yellow)),
                new Text(Scenarios(row), new Style(row.Scenarios.Count > 0 ? Color.Default : Color.Yellow)));
        }

        terminal.OutConsole.Write(table);
        terminal.Out.WriteLine(
            "Documents: " + string.Join("; ", profile.Clauses.Select(c => $"{c.DocumentId} {c.Document}").Distinct()) + ".");
        terminal.Out.WriteLine(
            "'inferred': the documents imply it, or are silent and the profile chose; 'open': nothing settles it; --json has the notes.");
        terminal.Out.WriteLine($"{ClauseCoverage.NoTest}: {profile.Clauses.Count(c => c.Scenarios.Count == 0)} of {Sizes.Count(profile.Clauses.Count, "clause")}.");
    }

    /// <summary>Writes what every profile makes of each clause, side by side.</summary>
    public static void WriteAll(Terminal terminal, MatrixSetDocument set)
    {
        var table = New(terminal, ["clause", .. set.Profiles.Select(profile => profile.Profile)]);
        foreach (var id in set.Profiles.SelectMany(profile => profile.Clauses).Select(row => row.Id).Distinct(StringComparer.Ordinal))
        {
            var rows = set.Profiles.Select(profile => profile.Clauses.FirstOrDefault(row => row.Id == id));
            table.AddRow([new Text(id), .. rows.Select(row => row is null ? new Text("-") : new Text(
                row.Verdict + (row.Status == ClauseStatus.Documented ? "" : $" ({Word(row.Status)})"), Style(row)))]);
        }

        terminal.OutConsole.Write(table);
    }

    /// <summary>Writes what two profiles do not share.</summary>
    public static void WriteDiff(Terminal terminal, MatrixDiffDocument diff)
    {
        if (diff.Differences.Count == 0)
        {
            terminal.Out.WriteLine($"Profiles {diff.Profile} and {diff.Other} agree in every clause.");
            return;
        }

        var table = New(terminal, "clause", "differs in", diff.Profile, diff.Other);
        foreach (var difference in diff.Differences)
        {
            table.AddRow(
                new Text(difference.Id),
                new Text(string.Join(", ", difference.Differs)),
                new Text(Cell(difference.Profile)),
                new Text(Cell(difference.Other)));
        }

        terminal.OutConsole.Write(table);
        terminal.Out.WriteLine(
            $"{Sizes.Count(diff.Differences.Count, "clause")} differ, {diff.Differences.Count(d => d.Differs[0] == "verdict")} of them in the verdict.");
    }

    private static Table New(Terminal terminal, params string[] columns)
    {
        var table = new Table { Border = terminal.IsOutLive ? TableBorder.Rounded : TableBorder.Ascii };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)));
        }

        return table;
    }

    private static string Cell(MatrixRow? row) => row is null ? "-" : $"{row.Verdict}: {Words(row)}, {Word(row.Status)}";

    private static string Words(MatrixRow row) => $"\"{row.Quote}\" ({row.DocumentId}, {row.Date})"
        + string.Concat(row.Contradictions.Select(other => $"; but \"{other.Quote}\" ({other.DocumentId}, {other.Date})"));

    private static string Scenarios(MatrixRow row) => row.Scenarios.Count > 0 ? string.Join(", ", row.Scenarios) : ClauseCoverage.NoTest;

    private static string Word(ClauseStatus status) => status.ToString().ToLowerInvariant();

    private static Style Style(MatrixRow row) => new(
        row.Verdict.StartsWith("skipped", StringComparison.Ordinal) || row.Verdict.Contains("refused", StringComparison.Ordinal)
            ? Color.Red
            : row.Verdict.StartsWith("protected", StringComparison.Ordinal) ? Color.Green : Color.Default);
}
