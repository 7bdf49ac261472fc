using Harness.Engine.Crypto;
using Harness.Engine.Retention;

namespace Harness.Engine.Rules.Reading;

/// <summary>Reads the limits of a profile; what a profile that extends another does not name is as there.</summary>
internal static class OptionsReader
{
    private const int MostBasisPoints = 10_000;
    private const int MostCount = 1_000_000;

    public static ProfileOptions Read(
        ProfileNode? node, ProfileNode root, ProfileOptions? parent, IReadOnlyDictionary<string, Clause> clauses)
    {
        if (node is null)
        {
            return parent ?? throw root.Wrong("A profile that extends no other needs 'options'.");
        }

        node.RequireOnly(
            "gigabyteBytes", "sizeMeasure", "sourceLimits", "refusedVolumes", "scratchMinimumBasisPoints", "scratchMinimumBytes",
            "scratchRecommendedBasisPoints", "scratchRecommendedBytes", "passphraseMinimumCharacters", "maxBackupsPerDay",
            "maxRecoveryPoints", "credentialsHours", "retention");
        var options = new ProfileOptions
        {
            GigabyteBytes = Of("gigabyteBytes", parent?.GigabyteBytes, item => item.Number(1, long.MaxValue)),
            SizeMeasure = Of("sizeMeasure", parent?.SizeMeasure, item => item.Word(ProfileWords.Measures)),
            SourceLimits = OfList("sourceLimits", parent?.SourceLimits, item => ReadLimit(item, clauses)),
            RefusedVolumes = OfList("refusedVolumes", parent?.RefusedVolumes, item => ReadVolume(item, clauses)),
            ScratchMinimumBasisPoints = Of("scratchMinimumBasisPoints", parent?.ScratchMinimumBasisPoints, BasisPoints),
            ScratchMinimumBytes = Of("scratchMinimumBytes", parent?.ScratchMinimumBytes, item => item.Number(0, long.MaxValue)),
            ScratchRecommendedBasisPoints = Of("scratchRecommendedBasisPoints", parent?.ScratchRecommendedBasisPoints, BasisPoints),
            ScratchRecommendedBytes = Of("scratchRecommendedBytes", parent?.ScratchRecommendedBytes, item => item.Number(0, long.MaxValue)),
            PassphraseMinimumCharacters = Of(
                "passphraseMinimumCharacters",
                parent?.PassphraseMinimumCharacters,
                item => (int)item.Number(Passphrase.MinimumCharacters, 1024)),
            MaxBackupsPerDay = OfLimit("maxBackupsPerDay", parent, parent?.MaxBackupsPerDay),
            MaxRecoveryPoints = OfLimit("maxRecoveryPoints", parent, parent?.MaxRecoveryPoints),
            CredentialsHours = OfLimit("credentialsHours", parent, parent?.CredentialsHours),
            Retention = node.Optional("retention") is { } ranges
                ? ReadRanges(ranges)
                : parent?.Retention ?? throw Missing("retention"),
        };
        var repeated = options.RefusedVolumes.GroupBy(row => row.When).FirstOrDefault(rows => rows.Count() > 1);
        return repeated is null ? options : throw node.Member("refusedVolumes").Wrong($"'{repeated.Key}' stands here more than once.");

        T Of<T>(string name, T? before, Func<ProfileNode, T> read)
            where T : struct =>
            node.Optional(name) is { } item ? read(item) : before ?? throw Missing(name);

        IReadOnlyList<T> OfList<T>(string name, IReadOnlyList<T>? before, Func<ProfileNode, T> read) =>
            node.Optional(name) is { } list ? [.. list.Items().Select(read)] : before ?? throw Missing(name);

        int? OfLimit(string name, ProfileOptions? extended, int? before) =>
            node.Optional(name) is { } item ? item.IsNull ? null : (int)item.Number(1, MostCount)
            : extended is not null ? before
            : throw Missing(name);

        Errors.BackupException Missing(string name) => node.Wrong($"'options' has no '{name}'.");
    }

    private static int BasisPoints(ProfileNode node) => (int)node.Number(0, MostBasisPoints);

    private static SourceLimit ReadLimit(ProfileNode node, IReadOnlyDictionary<string, Clause> clauses)
    {
        node.RequireOnly("systems", "workloads", "maxBytes", "clause");
        return new SourceLimit(
            [.. (node.Optional("systems")?.Items() ?? []).Select(item => item.Word(ProfileWords.Systems))],
            [.. (node.Optional("workloads")?.Items() ?? []).Select(item => item.Word(ProfileWords.Workloads))],
            node.Member("maxBytes") is { IsNull: false } most ? most.Number(1, long.MaxValue) : null,
            ClauseOf(node, clauses).Id);
    }

    private static RefusedVolume ReadVolume(ProfileNode node, IReadOnlyDictionary<string, Clause> clauses)
    {
        node.RequireOnly("when", "clause");
        return new RefusedVolume(node.Member("when").Word(ProfileWords.Volumes), ClauseOf(node, clauses).Id);
    }

    /// <summary>The clause that a row names; ProfileInvalid when there is none of that id.</summary>
    public static Clause ClauseOf(ProfileNode row, IReadOnlyDictionary<string, Clause> clauses)
    {
        var name = row.Member("clause");
        return clauses.TryGetValue(name.Text(), out var clause) ? clause : throw name.Wrong($"There is no clause '{name.Text()}'.");
    }

    private static RetentionRanges ReadRanges(ProfileNode node)
    {
        node.RequireOnly("daily", "weekly", "monthly", "yearly");
        return new RetentionRanges(
            Range("daily", "days"), Range("weekly", "weeks"), Range("monthly", "months"), Range("yearly", "years"));

        RetentionRange Range(string name, string unit)
        {
            var range = node.Member(name);
            var bounds = range.Items();
            if (bounds.Count != 2)
            {
                throw range.Wrong($"'{name}' must be the smallest and the largest value.");
            }

            var least = (int)bounds[0].Number(1, MostCount);
            return new RetentionRange(name, least, (int)bounds[1].Number(least, MostCount), unit);
        }
    }
}
