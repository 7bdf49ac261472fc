using System.Text.Json;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;

namespace Harness.Engine.Rules;

/// <summary>Reads a profile from its document. Members that are not known are refused: a rule misspelled is a rule lost.</summary>
internal static class ProfileReader
{
    /// <summary>JsonException when it cannot be read, ProfileInvalid when it refers to what is not there.</summary>
    public static RuleProfile Read(JsonElement root)
    {
        root.RequireOnly("id", "title", "options", "clauses", "fileTypes");
        var id = root.Text("id");
        var clauses = root.List("clauses", ReadClause);
        var known = clauses.ToDictionary(clause => clause.Id, StringComparer.Ordinal);
        var rows = root.List("fileTypes", row => ReadRow(row, name => known.GetValueOrDefault(name)
            ?? throw new BackupException(ErrorCode.ProfileInvalid, $"Profile {id} refers to an unknown clause '{name}'.")));
        return new RuleProfile(id, root.Text("title"), ReadOptions(root.Member("options")), clauses, rows);
    }

    private static ProfileOptions ReadOptions(JsonElement options)
    {
        options.RequireOnly(
            "maxSourceBytes", "gigabyteBytes", "sizeMeasure", "scratchMinimumBasisPoints", "scratchRecommendedBasisPoints",
            "passphraseMinimumCharacters");
        return new ProfileOptions
        {
            MaxSourceBytes = options.Long("maxSourceBytes"),
            GigabyteBytes = options.Long("gigabyteBytes"),
            SizeMeasure = options.Text("sizeMeasure") switch
            {
                "logical" => SizeMeasure.Logical,
                "allocated" => SizeMeasure.Allocated,
                _ => throw Unknown("sizeMeasure"),
            },
            ScratchMinimumBasisPoints = options.Int("scratchMinimumBasisPoints"),
            ScratchRecommendedBasisPoints = options.Int("scratchRecommendedBasisPoints"),
            PassphraseMinimumCharacters = options.Int("passphraseMinimumCharacters"),
        };
    }

    private static Clause ReadClause(JsonElement clause)
    {
        clause.RequireOnly("id", "title", "document", "date", "quote", "status", "note");
        return new Clause
        {
            Id = clause.Text("id"),
            Title = clause.Text("title"),
            Document = clause.Text("document"),
            Date = clause.Text("date"),
            Quote = clause.Text("quote"),
            Status = clause.Text("status") switch
            {
                "documented" => ClauseStatus.Documented,
                "inferred" => ClauseStatus.Inferred,
                "open" => ClauseStatus.Open,
                _ => throw Unknown("status"),
            },
            Note = clause.OptionalText("note"),
        };
    }

    private static FileTypeRule ReadRow(JsonElement row, Func<string, Clause> find)
    {
        row.RequireOnly("appliesTo", "when", "protection", "reason", "clause");
        var subject = row.Text("appliesTo") switch
        {
            "entry" => RuleSubject.Entry,
            "stream" => RuleSubject.Stream,
            _ => throw Unknown("appliesTo"),
        };
        var protection = row.Text("protection") switch
        {
            "incremental" => Protection.Incremental,
            "full-only" => Protection.FullOnly,
            "skipped" => Protection.Skipped,
            _ => throw Unknown("protection"),
        };
        var when = row.Texts("when").Aggregate(EntryTraits.None, (traits, word) => traits | TraitOf(word));
        return new FileTypeRule(subject, when, new Verdict(protection, row.OptionalText("reason"), find(row.Text("clause"))));
    }

    private static EntryTraits TraitOf(string word) => word switch
    {
        "encrypted" => EntryTraits.Encrypted,
        "compressed" => EntryTraits.Compressed,
        "sparse" => EntryTraits.Sparse,
        "hard-link" => EntryTraits.HardLink,
        "reparse-point" => EntryTraits.ReparsePoint,
        "named-stream" => EntryTraits.NamedStream,
        "directory" => EntryTraits.Directory,
        "special" => EntryTraits.Special,
        "mount-point" => EntryTraits.MountPoint,
        "deduplicated" => EntryTraits.Deduplicated,
        _ => throw Unknown("when"),
    };

    private static JsonException Unknown(string name) => JsonMembers.Wrong(name, "has a word that is not known");
}
