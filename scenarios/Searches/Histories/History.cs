using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Searches.Histories;

/// <summary>
/// One short history: a file with some traits and attributes, a backup, up to two edits, a backup. Of each traits and each sequence of
/// edits there is one, with attributes drawn; and of each traits and each subset of attributes one without edits.
/// </summary>
internal sealed record History
{
    private const FileAttributes Kept = FileAttributes.Archive;

    private static readonly FileAttributes[] Bits =
    [
        FileAttributes.ReadOnly, FileAttributes.Hidden, FileAttributes.System, FileAttributes.Offline, FileAttributes.Temporary,
        FileAttributes.NotContentIndexed,
    ];

    private readonly HistoryTraits _traits;
    private readonly FileAttributes _attributes;

    /// <summary>The history of a number from 0.</summary>
    public History(int number)
    {
        Number = number;
        var (traits, edits) = (number % HistoryTraits.Count, number / HistoryTraits.Count);
        _traits = new HistoryTraits(traits);
        if (edits < Sequences)
        {
            // Few of them read-only: most edits would be refused.
            var drawn = (int)(Mix.Of((ulong)number) % (1UL << Bits.Length));
            _attributes = AttributesOf(drawn % 8 == 1 ? drawn : drawn & ~1);
            var all = HistoryEdit.All;
            Edits = edits == 0 ? [] : edits <= all.Count ? [all[edits - 1]] : [all[(edits - 1 - all.Count) / all.Count], all[(edits - 1 - all.Count) % all.Count]];
        }
        else
        {
            _attributes = AttributesOf(edits - Sequences);
            Edits = [];
        }
    }

    /// <summary>How many there are.</summary>
    public static int Count => HistoryTraits.Count * (Sequences + (1 << Bits.Length));

    /// <summary>Its number.</summary>
    public int Number { get; }

    /// <summary>What happens between the backups.</summary>
    public IReadOnlyList<HistoryEdit> Edits { get; }

    private static int Sequences => 1 + HistoryEdit.All.Count + (HistoryEdit.All.Count * HistoryEdit.All.Count);

    /// <summary>Makes what is there before the first backup.</summary>
    public HistoryPlace Begin(SimVolume volume)
    {
        var place = new HistoryPlace(volume, Number);
        _traits.Give(volume, place.Subject, place.Seed(0));
        volume.ForceAttributes(place.Subject, _attributes);
        return place;
    }

    /// <inheritdoc/>
    public override string ToString() => $"history {Number} ({_traits}, {_attributes}; {string.Join(", ", Edits)})";

    private static FileAttributes AttributesOf(int subset) =>
        Bits.Where((_, bit) => (subset & (1 << bit)) != 0).Aggregate(Kept, (all, flag) => all | flag);
}
