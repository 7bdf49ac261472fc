using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;

namespace Harness.Engine.Backup;

/// <summary>One entry being backed up. Logical thread only.</summary>
internal sealed class EntryBackup(EntryPlan plan, EntryRecord? previous)
{
    public EntryPlan Plan { get; } = plan;

    public EntryRecord? Previous { get; } = previous;

    public List<StreamBackup> Streams { get; } = [];

    /// <summary>Trouble with the file's own data; the entry is then reported and left out.</summary>
    public SourceReadException? Failure { get; set; }

    /// <summary>The source moved under the reader: kept as read, and read again next time.</summary>
    public bool ChangedWhileRead { get; set; }

    /// <summary>Some of its content is lost in the vault: it is read whole and sent as if it were new.</summary>
    public bool IsSentAgain { get; init; }

    /// <summary>The run log has it whole, so that pieces of it are of no more use.</summary>
    public bool IsNoted { get; set; }

    /// <summary>A record of the metadata alone.</summary>
    public EntryRecord ToMetadataRecord() => ToRecord([.. Streams.Select(stream => stream.ToMetadataRecord())]);

    /// <summary>A record with the metadata of the source and the given streams.</summary>
    public EntryRecord ToRecord(IReadOnlyList<StreamRecord> streams)
    {
        var entry = Plan.Entry;
        return new EntryRecord
        {
            FileReference = entry.FileReference,
            Kind = Plan.RecordKind,
            Protection = Plan.Verdict.Protection,
            Traits = (entry.Traits & ~(EntryTraits.NamedStream | EntryTraits.Directory | EntryTraits.HardLink | EntryTraits.ReparsePoint))
                | (Plan.IsHardLinked ? EntryTraits.HardLink : EntryTraits.None)
                | (Plan.IsLink ? EntryTraits.ReparsePoint : EntryTraits.None),
            Attributes = entry.Attributes,
            Parent = entry.ParentReference,
            Name = entry.Name,
            Times = ChangedWhileRead ? entry.Times with { Changed = null } : entry.Times,
            Security = entry.Security,
            EncryptionInfo = entry.EncryptionInfo,
            Streams = streams,
            Reparse = Plan.IsLink ? new ReparseContent(entry.ReparseTag ?? 0, entry.ReparseData, entry.Kind == EntryKind.Directory) : null,
        };
    }
}
