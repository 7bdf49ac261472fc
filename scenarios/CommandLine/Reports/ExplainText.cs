using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>Why something is protected or skipped, for people.</summary>
internal static class ExplainText
{
    /// <summary>Writes each subject with its deciding clause and the rows that also match.</summary>
    public static void Write(TextWriter output, ExplainDocument document)
    {
        foreach (var subject in document.Subjects)
        {
            output.WriteLine(
                $"{subject.Path ?? "An entry"} with {(subject.Traits.Count > 0 ? string.Join(", ", subject.Traits) : "no special traits")}"
                + $" is {Words(subject)}.");
            output.WriteLine($"  clause     {subject.Clause.Id}: {subject.Clause.Title}");
            output.WriteLine($"  words      \"{subject.Clause.Quote}\"");
            output.WriteLine($"  document   {subject.Clause.Document}, {subject.Clause.Date}");
            foreach (var other in subject.Clause.Contradictions)
            {
                output.WriteLine($"  otherwise  \"{other.Quote}\" ({other.DocumentId} {other.Document}, {other.Date})");
            }

            output.WriteLine($"  status     {Citation.Status(subject.Clause)}{(subject.Clause.Note is { } n ? ": " + n : "")}");
            if (subject.SetAside is { } aside)
            {
                output.WriteLine($"  set aside  {Citation.Short(aside)}, on request by --preserve; no published profile does");
            }

            foreach (var row in subject.AlsoMatches)
            {
                output.WriteLine(
                    $"  also       {row.Clause} ({(row.When.Count > 0 ? "when " + string.Join(", ", row.When) : "for all others")}) "
                    + "matches, but an earlier row decides");
            }
        }

        foreach (var warning in document.Warnings)
        {
            output.WriteLine($"  warning    {warning.Message} [{warning.Clause}]");
        }

        output.WriteLine($"  profile    {document.Profile}; the whole table: harness matrix");
    }

    private static string Words(ExplainedSubject subject) => subject.Protection switch
    {
        _ when subject.SetAside == subject.Clause => "protected as it is, tag and data, and never followed",
        Engine.Rules.Protection.Incremental => "protected, and only changed pages are sent again",
        Engine.Rules.Protection.FullOnly => "protected, and sent whole on each change",
        _ => $"skipped ({subject.Reason})",
    };
}
