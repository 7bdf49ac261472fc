using Harness.Engine.Model;
using Harness.Engine.Rules;

namespace Harness.Engine.Backup;

/// <summary>What happens to one entry and to each of its streams under a profile. Pure.</summary>
internal sealed record EntryPlan(
    SourceEntry Entry,
    Verdict Verdict,
    IReadOnlyList<SourceStream> Protected,
    IReadOnlyList<(SourceStream Stream, Verdict Verdict)> Skipped)
{
    public bool IsSkipped => Verdict.Protection == Protection.Skipped;

    public bool IsDirectory => Entry.Kind == EntryKind.Directory && !IsLink;

    /// <summary>A reparse point that is kept as such.</summary>
    public bool IsLink => Verdict.SetAside is not null && TraitsOf(Entry).HasFlag(EntryTraits.ReparsePoint);

    /// <summary>A file of several names that is kept under all of them.</summary>
    public bool IsHardLinked => Verdict.SetAside is not null && !IsLink;

    /// <summary>What its record says it is.</summary>
    public EntryKind RecordKind => IsLink ? EntryKind.SymbolicLink : Entry.Kind;

    public static EntryPlan For(RuleProfile profile, SourceEntry entry)
    {
        var verdict = Classifier.Classify(profile, TraitsOf(entry));
        if (verdict.Protection == Protection.Skipped)
        {
            return new EntryPlan(entry, verdict, [], []);
        }

        if (verdict.SetAside is not null && TraitsOf(entry).HasFlag(EntryTraits.ReparsePoint))
        {
            return new EntryPlan(entry, verdict, [], []);
        }

        if (!HasNamedStream(entry))
        {
            return new EntryPlan(entry, verdict, entry.Streams, []);
        }

        List<SourceStream> kept = [];
        List<(SourceStream, Verdict)> skipped = [];
        foreach (var stream in entry.Streams)
        {
            var streamVerdict = stream.Name.Length == 0 ? verdict : Classifier.Classify(profile, stream.Traits | EntryTraits.NamedStream);
            if (streamVerdict.Protection == Protection.Skipped)
            {
                skipped.Add((stream, streamVerdict));
            }
            else
            {
                kept.Add(stream);
            }
        }

        return new EntryPlan(entry, verdict, kept, skipped);
    }

    public static SkippedItem ToItem(string path, Verdict verdict) =>
        new(path, verdict.Reason ?? "", verdict.Clause.Id, verdict.Clause.Status.ToString().ToLowerInvariant());

    /// <summary>Files without one are nearly all, and need no lists of their own.</summary>
    private static bool HasNamedStream(SourceEntry entry) =>
        entry.Streams.Count > 1 || (entry.Streams.Count == 1 && entry.Streams[0].Name.Length > 0);

    private static EntryTraits TraitsOf(SourceEntry entry) => Classifier.TraitsOf(entry);
}
