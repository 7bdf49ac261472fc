using System.Collections.Immutable;
using Harness.Simulator.Content;
using Harness.Simulator.Journal;

namespace Harness.Simulator.Volume;

/// <summary>
/// A simulated NTFS volume: files, links and streams apart (MS-FSA 2.1.1.3), content that is generated or literal, four
/// times, snapshots at no cost. It refuses what NTFS refuses; <see cref="ForceState"/> makes the states that only the
/// support matrix names.
/// </summary>
/// <remarks>
/// Guarantees: an operation happens whole or throws and changes nothing; no two operations share a change time, even if the
/// clock stands still; a snapshot never changes. Leaves out, on purpose: permission checks (privileges are settings),
/// transactions, the space of file records and directory indexes, short names on FAT. One thread at a time changes it.
/// Refusals throw <see cref="Harness.Engine.Errors.BackupException"/> with VolumeOperationInvalid; a full volume VolumeFull.
/// </remarks>
public sealed partial class SimVolume : VolumeView
{
    /// <summary>Records below this one belong to the file system itself.</summary>
    private const uint FirstUserIndex = 24;

    /// <summary>1601-01-01, where FILETIME begins, in ticks of .NET.</summary>
    private const long FileTimeEpochTicks = 504_911_232_000_000_000;

    private readonly TimeProvider _clock;
    private readonly RecordTree _tree = new();
    private readonly DirectoryCache _lastDirectory = new();
    private readonly PriorityQueue<uint, uint> _freeIndexes = new();
    private ImmutableDictionary<Guid, uint> _objectIds = ImmutableDictionary<Guid, uint>.Empty;
    private uint _nextIndex = FirstUserIndex;
    private long _lastClock;
    private long _lastTick;
    private long _files;
    private long _directories;
    private long _used;

    /// <summary>Makes an empty volume.</summary>
    /// <param name="settings">What it is.</param>
    /// <param name="clock">Source of the four times.</param>
    public SimVolume(VolumeSettings settings, TimeProvider clock)
        : base(Checked(settings))
    {
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        Journal = new ChangeJournal(this);
        _tunnel = new TunnelCache(Folds);
        Quotas = new VolumeQuotas(this, settings.Quota);
        var now = Tick();
        ref var root = ref _tree.Edit(RootIndex);
        root = new FileRecord
        {
            Created = now,
            Written = now,
            Changed = now,
            Accessed = now,
            Attributes = FileAttributes.Directory | FileAttributes.Hidden | FileAttributes.System,
            Flags = FileRecord.InUse,
            Sequence = (ushort)RootIndex,
            LinkCount = 1,
            Parent = RootIndex,
            NameRef = Tables.Names.Add(""),
            Extra = FileExtra.None with { Children = new DirectoryTree(Tables.Names, Folds, _tree.Epoch) },
        };
        _directories = 1;
        IsReadOnly = settings.IsReadOnly;
        IsOffline = settings.IsOffline;
        IsLocked = settings.IsLocked;
    }

    /// <inheritdoc/>
    public override long FileCount => _files;

    /// <inheritdoc/>
    public override long DirectoryCount => _directories;

    /// <inheritdoc/>
    public override long UsedBytes => _used + InternalBytes;

    /// <summary>Bytes of the change journal and the diff area, where the settings have them take space; 0 otherwise.</summary>
    public long InternalBytes => Settings.ChargesInternalFiles ? Journal.AllocatedBytes + DiffAreaBytes : 0;

    /// <summary>Bytes of copied blocks that the snapshot service keeps on this volume.</summary>
    internal long DiffAreaBytes { get; set; }

    /// <summary>Whether changes are refused; begins as the settings say and may be set at any time, as on a real volume.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Whether the volume is offline: no changes and no snapshots.</summary>
    public bool IsOffline { get; set; }

    /// <summary>Whether the volume is locked by BitLocker: no changes and no snapshots.</summary>
    public bool IsLocked { get; set; }

    /// <summary>Record pages copied because a snapshot shares them, since the volume was made.</summary>
    public long PagesCloned => _tree.PagesCloned;

    internal override RecordRoot Records => _tree.Root;

    internal override ImmutableDictionary<Guid, uint> ObjectIds => _objectIds;

    private bool Folds => !Settings.CaseSensitive;

    /// <summary>Freezes the present state: O(1), whatever the size of the volume.</summary>
    public VolumeSnapshot TakeSnapshot()
    {
        var takenAt = DateTimeOffset.FromFileTime(Tick()).ToUniversalTime();
        return new VolumeSnapshot(Tables, _tree.Freeze(), takenAt, _files, _directories, UsedBytes)
        {
            Journal = Journal.IsActive ? Journal.Freeze() : null,
            FrozenObjectIds = _objectIds,
        };
    }

    private static VolumeTables Checked(VolumeSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        return new VolumeTables(settings);
    }

    /// <summary>
    /// The time of one operation as a FILETIME: the clock's, or one tick after the last operation while the clock has not
    /// moved past it. A clock that is set back is believed.
    /// </summary>
    private long Tick()
    {
        var now = _clock.GetUtcNow().UtcTicks - FileTimeEpochTicks;
        _lastTick = now >= _lastClock && now <= _lastTick ? _lastTick + 1 : now;
        _lastClock = now;
        return _lastTick;
    }

    private void RequireWritable(string path)
    {
        if (IsReadOnly || IsLocked || IsOffline)
        {
            var state = IsOffline ? "offline" : IsLocked ? "locked" : "read-only";
            throw VolumeError.Refused(path, $"the volume is {state}", "Change the volume's settings.");
        }
    }

    /// <summary>Refuses an operation that this kind of file system does not have.</summary>
    private void RequireFeature(string path, VolumeFeatures feature)
    {
        if ((Settings.Features & feature) == VolumeFeatures.None)
        {
            throw VolumeError.Refused(
                path, $"{FileSystems.NameOf(Settings)} has no {FileSystems.NameOf(feature)}", "Use NTFS, or leave it out.");
        }
    }

    private RareMetadata RareOf(uint index) => ExtraOf(index).Rare ?? RareMetadata.None;

    private void SetRare(uint index, RareMetadata rare)
    {
        ref var record = ref _tree.Edit(index);
        record.Extra = Compact((record.Extra ?? FileExtra.None).With(rare));
    }

    private Place Require(string path)
    {
        var place = Locate(path) ?? throw VolumeError.Missing(path);
        RequireNotPending(path, place);
        return place;
    }

    private FileExtra ExtraOf(uint index) => Records.Get(index).Extra ?? FileExtra.None;

    private ulong NewSeed(uint index, ulong salt) => Mix.Of(Mix.Of(Settings.Seed, index), salt);

    /// <summary>A change of metadata moves the change time alone.</summary>
    private void TouchMetadata(uint index, UsnReason reason)
    {
        // What was so already is no change: no time moves that the change journal does not tell of.
        if (reason != UsnReason.None)
        {
            _tree.Edit(index).Changed = Tick();
            Post(index, reason);
        }
    }

    /// <summary>A change of a directory's list moves its write and change times.</summary>
    private void TouchList(uint directory, long now)
    {
        ref var record = ref _tree.Edit(directory);
        record.Written = now;
        record.Changed = now;
        record.Accessed = now;
    }

    private void Charge(string path, long bytes)
    {
        if (bytes > FreeBytes)
        {
            throw VolumeError.Full(path, bytes, FreeBytes);
        }

        _used += bytes;
    }

    private DirectoryTree EditChildren(uint directory)
    {
        ref var record = ref _tree.Edit(directory);
        var children = record.Extra!.Children!.ForChange(_tree.Epoch);
        if (!ReferenceEquals(children, record.Extra.Children))
        {
            record.Extra = record.Extra with { Children = children };
        }

        return children;
    }
}
