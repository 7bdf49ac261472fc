using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Spectre.Console;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>A profile as a table: clause, verdict, the document's words, how sure it is.</summary>
internal static class MatrixTable
{
    /// <summary>The row of one clause.</summary>
    public static MatrixRow Row(RuleProfile profile, Clause clause) => new(
        clause.Id,
        clause.Title,
        ClauseVerdict.Of(profile, clause),
        clause.Document,
        clause.Date,
        clause.Quote,
        clause.Status,
        clause.Note);

    /// <summary>Writes the whole profile.</summary>
    public static void Write(Terminal terminal, RuleProfile profile)
    {
        terminal.Out.WriteLine($"Profile {profile.Id}: {profile.Title}");
        var table = New(terminal, "clause", "verdict", "the document's words", "status");
        foreach (var clause in profile.Clauses)
        {
            var row = Row(profile, clause);
            table.AddRow(
                new Text(row.Id),
                new Text(row.Verdict, Style(row)),
                new Text($"\"{row.Quote}\" ({row.Date})"),
                new Text(Citation.Status(clause), new Style(clause.Status == ClauseStatus.Documented ? Color.Default : Color.Yellow)));
        }

        terminal.OutConsole.Write(table);
        terminal.Out.WriteLine("Documents: " + string.Join("; ", profile.Clauses.Select(c => c.Document).Distinct()) + ".");
        terminal.Out.WriteLine("'inferred': the documents imply it, or are silent and the profile chose; --json has the notes.");
    }

    /// <summary>Writes what two profiles do not share.</summary>
    public static void WriteDiff(Terminal terminal, MatrixDiffDocument diff)
    {
        if (diff.Differences.Count == 0)
        {
            terminal.Out.WriteLine($"Profiles {diff.Profile} and {diff.Other} agree in every clause.");
            return;
        }

        var table = New(terminal, "clause", diff.Profile, diff.Other);
        foreach (var difference in diff.Differences)
        {
            table.AddRow(new Text(difference.Id), new Text(Cell(difference.Profile)), new Text(Cell(difference.Other)));
        }

        terminal.OutConsole.Write(table);
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

    private static string Cell(MatrixRow? row) => row is null ? "-" : $"{row.Verdict}: \"{row.Quote}\" ({row.Date})";

    private static Style Style(MatrixRow row) => new(
        row.Verdict.StartsWith("skipped", StringComparison.Ordinal) || row.Verdict.Contains("refused", StringComparison.Ordinal)
            ? Color.Red
            : row.Verdict.StartsWith("protected", StringComparison.Ordinal) ? Color.Green : Color.Default);
}
