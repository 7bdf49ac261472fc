using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Documents;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>
/// Asks the rules about every entry of a tree. Paths are handed on one by one and not kept: what is kept grows with the kinds of
/// entries, not with their number. One thread.
/// </summary>
internal sealed class TreeExplainer(IReadOnlyList<RuleProfile> profiles)
{
    private readonly Dictionary<EntryTraits, PathVerdict[]> _verdicts = [];
    private readonly Dictionary<(string Profile, string Clause, Protection Protection, string? Reason), (long Entries, long Bytes)> _counts = [];

    /// <summary>Entries that could not be looked at.</summary>
    public long Unreadable { get; private set; }

    /// <summary>What each row decided, by profile and clause.</summary>
    public IReadOnlyList<RuleCount> Counts =>
        [.. _counts
            .Select(pair => new RuleCount(
                pair.Key.Profile, pair.Key.Clause, pair.Key.Protection, pair.Key.Reason, pair.Value.Entries, pair.Value.Bytes))
            .OrderBy(row => row.Profile, StringComparer.Ordinal).ThenBy(row => row.Clause, StringComparer.Ordinal)
            .ThenBy(row => row.Reason, StringComparer.Ordinal)];

    /// <summary>Goes through the tree; <paramref name="tell"/> gets each entry and each named stream, <paramref name="trouble"/> what cannot be read.</summary>
    public async Task RunAsync(
        IDataSource source, Action<ExplainedPath> tell, Action<SourceReadException> trouble, CancellationToken cancellationToken)
    {
        await using var snapshot = await source.CreateSnapshotAsync(cancellationToken);
        await foreach (var item in snapshot.EnumerateAsync(cancellationToken))
        {
            if (item.Error is { } error)
            {
                Unreadable++;
                trouble(error);
            }
            else if (item.Entry is { Path.Length: > 0 } entry)
            {
                Explain(entry, tell);
            }
        }
    }

    private void Explain(SourceEntry entry, Action<ExplainedPath> tell)
    {
        var traits = Classifier.TraitsOf(entry);
        var verdicts = VerdictsOn(traits);
        Tell(entry.Path, traits, Bytes(entry, ""), verdicts, tell);
        foreach (var stream in entry.Streams.Where(stream => stream.Name.Length > 0))
        {
            // A profile that skips the entry has nothing to say of its streams.
            var streamTraits = stream.Traits | EntryTraits.NamedStream;
            var ofStream = VerdictsOn(streamTraits);
            PathVerdict[] said = [.. ofStream.Where((_, i) => verdicts[i].Protection != Protection.Skipped)];
            if (said.Length > 0)
            {
                Tell($"{entry.Path}:{stream.Name}", streamTraits, stream.SizeBytes, said, tell);
            }
        }
    }

    private void Tell(string path, EntryTraits traits, long bytes, PathVerdict[] verdicts, Action<ExplainedPath> tell)
    {
        foreach (var verdict in verdicts)
        {
            var key = (verdict.Profile, verdict.Clause, verdict.Protection, verdict.Reason);
            var (entries, sum) = _counts.GetValueOrDefault(key);
            _counts[key] = (entries + 1, sum > long.MaxValue - bytes ? long.MaxValue : sum + bytes);
        }

        tell(new ExplainedPath(path, TraitList.Names(traits), bytes, verdicts));
    }

    private PathVerdict[] VerdictsOn(EntryTraits traits)
    {
        if (!_verdicts.TryGetValue(traits, out var verdicts))
        {
            _verdicts[traits] = verdicts = [.. profiles.Select(profile => Of(profile.Id, Explanation.Of(profile, path: null, traits)))];
        }

        return verdicts;
    }

    private static PathVerdict Of(string profile, ExplainedSubject subject) => new(
        profile,
        subject.Protection,
        subject.Reason,
        subject.Clause.Id,
        subject.SetAside?.Id,
        [.. subject.AlsoMatches.Select(row => row.Clause).Distinct(StringComparer.Ordinal)]);

    private static long Bytes(SourceEntry entry, string name) =>
        entry.Streams.FirstOrDefault(stream => stream.Name == name)?.SizeBytes ?? 0;
}
