namespace Harness.Simulator.Volume;

/// <summary>
/// Who uses how much of a live volume, and may. Owners are those of the security descriptors. A stream is charged what it would
/// take uncompressed and without holes: its clusters, in a compressed or sparse one whole compression units (KB 320686, "Disk
/// quota charges increase if you turn on the NTFS compression functionality"; "Sparse Files and Disk Quotas"). Administrators and
/// the system are charged and not limited. While it is not active it costs nothing. The volume's thread only.
/// </summary>
public sealed class VolumeQuotas
{
    private const string Administrators = "S-1-5-32-544";
    private const string LocalSystem = "S-1-5-18";

    private readonly SimVolume _volume;
    private readonly Dictionary<string, QuotaLimits> _limits;
    private readonly Dictionary<string, long> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _owners = [];
    private QuotaLimits _default;

    internal VolumeQuotas(SimVolume volume, QuotaSettings? settings)
    {
        _volume = volume;
        _limits = new Dictionary<string, QuotaLimits>(
            settings?.Owners ?? new Dictionary<string, QuotaLimits>(), StringComparer.Ordinal);
        _default = settings?.Default ?? default;
        IsActive = settings is not null;
        IsEnforced = settings is { IsEnforced: true };
    }

    /// <summary>Whether use is counted.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Whether limits refuse.</summary>
    public bool IsEnforced { get; private set; }

    /// <summary>Every owner with use or limits, in ordinal order of SID.</summary>
    public IReadOnlyList<QuotaEntry> Entries =>
    [
        .. _used.Where(owner => owner.Value != 0).Select(owner => owner.Key).Union(_limits.Keys).Order(StringComparer.Ordinal)
            .Select(Of),
    ];

    /// <summary>Counts from now on, walking the volume once as Windows does when quotas are turned on.</summary>
    public void Activate(bool isEnforced)
    {
        if ((_volume.Settings.Features & VolumeFeatures.Quotas) == VolumeFeatures.None)
        {
            throw VolumeError.Refused("", $"{FileSystems.NameOf(_volume.Settings)} has no quotas", "Use NTFS.");
        }

        IsEnforced = isEnforced;
        if (IsActive)
        {
            return;
        }

        IsActive = true;
        _used.Clear();
        foreach (var index in _volume.RecordsFrom(0))
        {
            ref readonly var record = ref _volume.Records.Get(index);
            Charge(record.SecurityId, _volume.StreamsOf(index).Sum(Charged));
        }
    }

    /// <summary>Counts no longer; limits stay known.</summary>
    public void Deactivate() => IsActive = IsEnforced = false;

    /// <summary>Sets the limits of one owner, or with null those of everybody else.</summary>
    public void SetLimits(string? ownerSid, QuotaLimits limits)
    {
        if (ownerSid is null)
        {
            _default = limits;
        }
        else
        {
            _limits[ownerSid] = limits;
        }
    }

    /// <summary>What is charged to an owner and allowed.</summary>
    public QuotaEntry Of(string ownerSid)
    {
        ArgumentNullException.ThrowIfNull(ownerSid);
        return new QuotaEntry(ownerSid, _used.GetValueOrDefault(ownerSid), _limits.GetValueOrDefault(ownerSid, _default));
    }

    /// <summary>Free bytes that an owner may use: those of the volume, or what the limit leaves.</summary>
    public long FreeBytesFor(string ownerSid)
    {
        var entry = Of(ownerSid);
        return IsEnforced && IsLimited(ownerSid) && entry.Limits.LimitBytes is { } limit
            ? Math.Clamp(limit - entry.UsedBytes, 0, _volume.FreeBytes)
            : _volume.FreeBytes;
    }

    internal long Charged(StreamState state) => Charged(state.Size, state.Flags, state.Reserved);

    internal long Charged(long size, StreamFlags flags, long reserved) =>
        !IsActive || (_volume.Tables.Allocation.IsResident(size, flags) && reserved == 0) ? 0
            : AllocationRules.RoundUp(
                size,
                (flags & (StreamFlags.Sparse | StreamFlags.Compressed)) == StreamFlags.None
                    ? _volume.Settings.ClusterBytes
                    : _volume.Settings.UnitBytes) + reserved;

    /// <summary>Refuses what goes beyond the limit of the owner of a security descriptor.</summary>
    internal void Require(string path, int securityId, long bytes)
    {
        if (!IsEnforced || bytes <= 0)
        {
            return;
        }

        var entry = Of(OwnerOf(securityId));
        if (IsLimited(entry.OwnerSid) && entry.Limits.LimitBytes is { } limit && entry.UsedBytes + bytes > limit)
        {
            throw VolumeError.Quota(path, entry.OwnerSid, bytes, limit - entry.UsedBytes);
        }
    }

    internal void Charge(int securityId, long bytes)
    {
        if (IsActive && bytes != 0)
        {
            var owner = OwnerOf(securityId);
            _used[owner] = _used.GetValueOrDefault(owner) + bytes;
        }
    }

    internal string OwnerOf(int securityId)
    {
        if (!_owners.TryGetValue(securityId, out var owner))
        {
            owner = SidText.OwnerOf(_volume.Tables.Security.Get(securityId)) ?? _volume.Settings.UserSid;
            _owners.Add(securityId, owner);
        }

        return owner;
    }

    private static bool IsLimited(string owner) => owner is not (Administrators or LocalSystem);
}
