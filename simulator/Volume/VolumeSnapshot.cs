using System.Collections.Immutable;
using Harness.Simulator.Journal;

namespace Harness.Simulator.Volume;

/// <summary>A volume as it was at one moment. Costs nothing to make; keeps what has changed since alive.</summary>
public sealed class VolumeSnapshot : VolumeView
{
    internal VolumeSnapshot(
        VolumeTables tables, RecordRoot records, DateTimeOffset takenAt, long files, long directories, long usedBytes)
        : base(tables)
    {
        Records = records;
        TakenAt = takenAt;
        FileCount = files;
        DirectoryCount = directories;
        UsedBytes = usedBytes;
    }

    /// <summary>When it was taken, by the volume's clock; later than every change that it shows.</summary>
    public DateTimeOffset TakenAt { get; }

    /// <inheritdoc/>
    public override long FileCount { get; }

    /// <inheritdoc/>
    public override long DirectoryCount { get; }

    /// <inheritdoc/>
    public override long UsedBytes { get; }

    /// <summary>
    /// The change journal as the snapshot holds it, null when none was active. Its next USN belongs to exactly this state: a
    /// reader that goes on from there misses nothing.
    /// </summary>
    public JournalView? Journal { get; internal init; }

    internal override RecordRoot Records { get; }

    internal override ImmutableDictionary<Guid, uint> ObjectIds => FrozenObjectIds;

    internal ImmutableDictionary<Guid, uint> FrozenObjectIds { get; init; } = ImmutableDictionary<Guid, uint>.Empty;

    /// <summary>
    /// What differs between this state and a later one of the same volume, a snapshot or the live volume: files that came,
    /// went and changed, and of each stream the exact ranges. The cost follows the changes, not the volume.
    /// </summary>
    public VolumeDifference DiffTo(VolumeView later)
    {
        ArgumentNullException.ThrowIfNull(later);
        if (!ReferenceEquals(later.Tables, Tables))
        {
            throw new ArgumentException("The other state is of another volume.", nameof(later));
        }

        var diff = RecordDiff.Between(Records, later.Records);
        var files = new FileDiff(this, later);
        var changes = new List<VolumeChange>(diff.Changed.Count);
        foreach (var index in diff.Changed)
        {
            ref readonly var before = ref Records.Get(index);
            ref readonly var after = ref later.Records.Get(index);
            if (before.IsInUse && after.IsInUse && before.Sequence == after.Sequence)
            {
                changes.Add(files.Changed(index));
                continue;
            }

            if (before.IsInUse)
            {
                changes.Add(new VolumeChange(new FileReference(index, before.Sequence), VolumeChangeKind.Deleted));
            }

            if (after.IsInUse)
            {
                changes.Add(files.Created(index));
            }
        }

        return new VolumeDifference(changes, diff.PagesVisited) { ExtentsVisited = files.ExtentsVisited };
    }
}
