using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Repositories;

namespace Harness.Engine.Backup;

/// <summary>Decides without reading whether the content of an entry is what the previous recovery point has.</summary>
internal static class ContentUnchanged
{
    /// <summary>
    /// True only when the source's change time cannot be fooled, has not moved, and lay safely before the previous snapshot: a
    /// change within one tick of it could carry the same time.
    /// </summary>
    public static bool ByMetadata(BackupContext context, EntryPlan plan, EntryRecord previous) =>
        ByMetadata(context.Parent, context.Volume, plan, previous);

    /// <summary>The same before there is a run.</summary>
    public static bool ByMetadata(Commit? parent, VolumeInfo volume, EntryPlan plan, EntryRecord previous)
    {
        if (plan.IsDirectory && plan.Protected.Count == 0)
        {
            return previous.Streams.Count == 0;
        }

        return parent is not null && Since(volume, plan, previous, parent.Document.TakenAt);
    }

    /// <summary>The same of an entry as a snapshot of that time had it.</summary>
    public static bool Since(BackupContext context, EntryPlan plan, EntryRecord previous, DateTimeOffset takenAt) =>
        Since(context.Volume, plan, previous, takenAt);

    private static bool Since(VolumeInfo volume, EntryPlan plan, EntryRecord previous, DateTimeOffset takenAt)
    {
        return volume.HasReliableChangeTime
            && plan.Entry.Times.Changed is { } changed
            && changed == previous.Times.Changed
            && changed < Timestamp.From(takenAt - volume.ChangeTimeGranularity)
            && plan.Entry.Times.Created == previous.Times.Created
            && plan.Entry.Times.Written == previous.Times.Written
            && plan.Verdict.Protection == previous.Protection
            && SameStreams(plan.Protected, previous.Streams);
    }

    private static bool SameStreams(IReadOnlyList<SourceStream> now, IReadOnlyList<StreamRecord> before)
    {
        if (now.Count != before.Count)
        {
            return false;
        }

        for (var i = 0; i < now.Count; i++)
        {
            if (now[i].Name != before[i].Name || now[i].SizeBytes != before[i].SizeBytes
                || now[i].RawSizeBytes != before[i].RawSizeBytes)
            {
                return false;
            }
        }

        return true;
    }
}
