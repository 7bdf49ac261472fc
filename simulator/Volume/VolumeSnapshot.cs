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

    internal override RecordRoot Records { get; }

    /// <summary>What differs between this state and a later one of the same volume: a snapshot, or the live volume.</summary>
    public VolumeDifference DiffTo(VolumeView later)
    {
        ArgumentNullException.ThrowIfNull(later);
        if (!ReferenceEquals(later.Tables, Tables))
        {
            throw new ArgumentException("The other state is of another volume.", nameof(later));
        }

        var diff = RecordDiff.Between(Records, later.Records);
        var changes = new List<VolumeChange>();
        foreach (var index in diff.Changed)
        {
            ref readonly var before = ref Records.Get(index);
            ref readonly var after = ref later.Records.Get(index);
            var same = before.IsInUse && after.IsInUse && before.Sequence == after.Sequence;
            if (same)
            {
                changes.Add(new VolumeChange(new FileReference(index, after.Sequence), VolumeChangeKind.Changed));
                continue;
            }

            if (before.IsInUse)
            {
                changes.Add(new VolumeChange(new FileReference(index, before.Sequence), VolumeChangeKind.Deleted));
            }

            if (after.IsInUse)
            {
                changes.Add(new VolumeChange(new FileReference(index, after.Sequence), VolumeChangeKind.Created));
            }
        }

        return new VolumeDifference(changes, diff.PagesVisited);
    }
}
