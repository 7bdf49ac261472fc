using Harness.Engine.Format;

namespace Harness.Engine.Prune;

/// <summary>What a prune has condemned and what is gone, as a gc blob states it (FORMAT.md section 13). Immutable.</summary>
internal sealed record GcDocument
{
    public required int Version { get; init; }

    public required long Sequence { get; init; }

    public required DateTimeOffset WrittenAt { get; init; }

    public required IReadOnlyList<GcRound> Rounds { get; init; }

    public required IReadOnlyDictionary<string, IReadOnlyList<long[]>> Gone { get; init; }

    public required IReadOnlyList<string> Damaged { get; init; }

    /// <summary>Of a vault that was never pruned.</summary>
    public static GcDocument None { get; } = new()
    {
        Version = FormatLimits.Version,
        Sequence = 0,
        WrittenAt = default,
        Rounds = [],
        Gone = new Dictionary<string, IReadOnlyList<long[]>>(),
        Damaged = [],
    };

    public static string Context(long sequence) => $"gc/{sequence:D10}";

    public byte[] Encode() => SealedJson.Encode(this, DocumentJson.Default.GcDocument);

    public static GcDocument Decode(byte[] plaintext, long sequence) => SealedJson.Decode(
        plaintext,
        DocumentJson.Default.GcDocument,
        BlobNames.GcRound(sequence),
        document => document.Version == FormatLimits.Version && document.Sequence == sequence
            && document.Rounds.All(round => round is not null && round.IsValid(sequence))
            && document.Gone.Values.All(ranges => ranges?.All(range => range is [var first, var last] && first <= last) == true)
            && document.Damaged.All(hash => Hash256.Parse(hash) is not null));

    public bool IsGone(string sourceId, long sequence) => Gone.TryGetValue(sourceId, out var ranges)
        && ranges.Any(range => sequence >= range[0] && sequence <= range[1]);

    /// <summary>Packs that no writer may take as present.</summary>
    public IReadOnlySet<Hash256> Unusable() => Rounds.SelectMany(round => round.Packs.Concat(round.Moved))
        .Concat(Damaged)
        .Select(text => Hash256.Parse(text)!.Value)
        .ToHashSet();

    /// <summary>Numbers as ascending ranges.</summary>
    public static IReadOnlyList<long[]> RangesOf(IEnumerable<long> sequences)
    {
        var ranges = new List<long[]>();
        foreach (var sequence in sequences.Order())
        {
            if (ranges.Count > 0 && ranges[^1][1] >= sequence - 1)
            {
                ranges[^1][1] = sequence;
            }
            else
            {
                ranges.Add([sequence, sequence]);
            }
        }

        return ranges;
    }
}

/// <summary>What one prune condemned, as far as it is not removed yet.</summary>
/// <param name="Since">Number of the gc blob that condemned it.</param>
/// <param name="Packs">Packs of which no recovery point used a segment.</param>
/// <param name="Moved">Packs whose used segments were read back and lie elsewhere too.</param>
/// <param name="Manifests">Manifests as source/hash.</param>
/// <param name="Commits">Commits as source/number.</param>
internal sealed record GcRound(
    long Since,
    IReadOnlyList<string> Packs,
    IReadOnlyList<string> Moved,
    IReadOnlyList<string> Manifests,
    IReadOnlyList<string> Commits)
{
    public bool IsEmpty => Packs.Count + Moved.Count + Manifests.Count + Commits.Count == 0;

    public bool IsValid(long sequence) => Since > 0 && Since <= sequence
        && Packs.Concat(Moved).All(hash => Hash256.Parse(hash) is not null)
        && Manifests.Concat(Commits).All(name => name is not null);
}
