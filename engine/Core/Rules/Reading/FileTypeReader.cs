using Harness.Engine.Model;

namespace Harness.Engine.Rules.Reading;

/// <summary>Reads the table of file types, whose first row that fits decides.</summary>
internal static class FileTypeReader
{
    /// <summary>
    /// The table. In a profile that extends another a row with the conditions of one there takes its place, and any other goes
    /// before the first row that would hide it.
    /// </summary>
    public static IReadOnlyList<FileTypeRule> Read(
        ProfileNode? node, ProfileNode root, IReadOnlyList<FileTypeRule>? parent, IReadOnlyDictionary<string, Clause> clauses)
    {
        // A row of the base quotes the clause as this profile has it.
        var rows = (parent ?? []).Select(row => row with { Verdict = row.Verdict with { Clause = clauses[row.Verdict.Clause.Id] } }).ToList();
        var read = new List<FileTypeRule>();
        foreach (var item in node?.Items() ?? [])
        {
            var row = ReadRow(item, clauses);
            if (read.Exists(other => IsSame(other, row)))
            {
                throw item.Wrong("A row with the same 'appliesTo' and 'when' stands before; the first one counts.");
            }

            if (parent is null && read.Find(other => Hides(other, row)) is { } hiding)
            {
                throw item.Wrong($"The row can never decide: the row of clause '{hiding.Verdict.Clause.Id}' before it fits all that it fits.");
            }

            read.Add(row);
            Place(rows, row, parent is not null);
        }

        foreach (var subject in Enum.GetValues<RuleSubject>())
        {
            if (!rows.Exists(row => row.AppliesTo == subject && row.When == EntryTraits.None))
            {
                throw (node ?? root).Wrong($"The table needs a last row without conditions for '{subject.ToString().ToLowerInvariant()}'.");
            }
        }

        return rows;
    }

    private static void Place(List<FileTypeRule> rows, FileTypeRule row, bool extends)
    {
        var same = extends ? rows.FindIndex(other => IsSame(other, row)) : -1;
        if (same >= 0)
        {
            rows[same] = row;
            return;
        }

        var hiding = extends ? rows.FindIndex(other => Hides(other, row)) : -1;
        rows.Insert(hiding < 0 ? rows.Count : hiding, row);
    }

    private static bool IsSame(FileTypeRule one, FileTypeRule other) => one.AppliesTo == other.AppliesTo && one.When == other.When;

    private static bool Hides(FileTypeRule earlier, FileTypeRule row) =>
        earlier.AppliesTo == row.AppliesTo && (row.When & earlier.When) == earlier.When;

    private static FileTypeRule ReadRow(ProfileNode node, IReadOnlyDictionary<string, Clause> clauses)
    {
        node.RequireOnly("appliesTo", "when", "protection", "reason", "clause");
        var protection = node.Member("protection").Word(ProfileWords.Protections);
        var reason = node.Optional("reason");
        if (protection == Protection.Skipped != reason is not null)
        {
            throw (reason ?? node).Wrong("'reason' belongs to a row that skips, and to no other.");
        }

        var when = EntryTraits.None;
        foreach (var word in node.Member("when").Items())
        {
            var trait = word.Word(ProfileWords.Traits);
            when = when.HasFlag(trait) ? throw word.Wrong($"'{word.Text()}' stands twice.") : when | trait;
        }

        return new FileTypeRule(
            node.Member("appliesTo").Word(ProfileWords.Subjects),
            when,
            new Verdict(protection, reason?.Text(), OptionsReader.ClauseOf(node, clauses)));
    }
}
