namespace Harness.Simulator.Volume;

/// <summary>Names that come back within seconds.</summary>
public sealed partial class SimVolume
{
    private readonly TunnelCache _tunnel;

    /// <summary>A name of a file is about to go, for ever or to another place.</summary>
    private void KeepForTunnel(uint index, FileLink link, string name, long now)
    {
        ref readonly var record = ref Records.Get(index);
        if (Settings.TunnelSeconds > 0 && !record.IsDirectory)
        {
            var rare = record.Extra?.Rare;
            var isFirst = IsFirst(in record, link);
            _tunnel.Add(
                link.Parent,
                name,
                new TunnelEntry(now, record.Created, isFirst ? ShortNameOf(index) : null, isFirst ? rare?.ObjectId : null));
        }
    }

    /// <summary>What the name had that a file is about to get.</summary>
    private TunnelEntry? FromTunnel(uint parent, ReadOnlySpan<char> name, long now) =>
        Settings.TunnelSeconds > 0 ? _tunnel.Take(parent, name, now, Settings.TunnelSeconds * TimeSpan.TicksPerSecond) : null;

    /// <summary>Gives a file the object id that its name had, unless one or the other is in use.</summary>
    private void RestoreObjectId(uint index, TunnelEntry? entry)
    {
        if (entry?.ObjectId is { } objectId && RareOf(index).ObjectId is null && !_objectIds.ContainsKey(objectId.ObjectId))
        {
            PutObjectId(index, objectId);
        }
    }
}
