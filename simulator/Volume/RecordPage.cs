namespace Harness.Simulator.Volume;

/// <summary>64 records.</summary>
internal sealed class RecordPage
{
    /// <summary>Epoch of pages that a generated tree makes, before any of a volume.</summary>
    public const long GeneratedEpoch = -2;

    /// <summary>Stands for the page that a new one follows.</summary>
    public const long NoEpoch = -1;

    private RecordPage(long epoch, uint number, long baseEpoch, FileRecord[] records)
    {
        Epoch = epoch;
        Number = number;
        BaseEpoch = baseEpoch;
        Records = records;
    }

    /// <summary>An empty page. It lives long, so it begins where the collector moves nothing.</summary>
    public RecordPage(long epoch, uint number)
        : this(epoch, number, NoEpoch, GC.AllocateArray<FileRecord>(RecordRoot.Fan, pinned: true))
    {
    }

    /// <summary>A copy that may be changed.</summary>
    public RecordPage(long epoch, RecordPage shared)
        : this(epoch, shared.Number, shared.Epoch, (FileRecord[])shared.Records.Clone())
    {
    }

    /// <summary>A page that a generated tree made.</summary>
    public RecordPage(uint number, FileRecord[] records)
        : this(GeneratedEpoch, number, NoEpoch, records) => Touched = ulong.MaxValue;

    public long Epoch { get; }

    /// <summary>Epoch of the page that this one was copied from.</summary>
    public long BaseEpoch { get; }

    /// <summary>Index of the first record by the number of records.</summary>
    public uint Number { get; }

    /// <summary>One bit for each record that may differ from the page that this one was copied from.</summary>
    public ulong Touched { get; set; }

    public FileRecord[] Records { get; }
}
