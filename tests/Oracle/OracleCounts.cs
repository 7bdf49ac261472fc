using System.Globalization;

namespace Harness.Tests.Oracle;

/// <summary>What became of the operations of a run: without it a run that leaves everything out would look like a good one.</summary>
internal sealed class OracleCounts
{
    private readonly SortedDictionary<string, int> _known = new(StringComparer.Ordinal);

    /// <summary>Done on both volumes.</summary>
    public int Done { get; private set; }

    /// <summary>Refused by both volumes.</summary>
    public int Refused { get; private set; }

    /// <summary>Left out, since the driver shows a link or another name in place of the file.</summary>
    public int OutOfReach { get; private set; }

    /// <summary>Left out for a known difference.</summary>
    public int Known => _known.Values.Sum();

    public void AddDone(bool isDone) => (Done, Refused) = isDone ? (Done + 1, Refused) : (Done, Refused + 1);

    public void AddOutOfReach() => OutOfReach++;

    public void AddKnown(string row) => _known[row] = _known.GetValueOrDefault(row) + 1;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Done:#,0} done on both, {Refused:#,0} refused by both, {OutOfReach:#,0} out of reach, {Known:#,0} known differences ")
        + $"({string.Join(", ", _known.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Key} {row.Value:#,0}")))})";
}
