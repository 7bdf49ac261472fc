namespace Harness.Simulator.Volume;

/// <summary>Quotas by owner.</summary>
public sealed partial class SimVolume
{
    /// <summary>Use and limits by owner.</summary>
    public VolumeQuotas Quotas { get; }

    /// <summary>Every stream of a file or directory.</summary>
    internal IEnumerable<StreamState> StreamsOf(uint index)
    {
        if (Stream(in Records.Get(index), "") is { } main)
        {
            yield return main;
        }

        foreach (var stream in ExtraOf(index).Streams)
        {
            yield return stream.State;
        }
    }

    /// <summary>A file that gets another owner is charged to that one.</summary>
    private void MoveQuota(string path, uint index, int securityId)
    {
        var before = Records.Get(index).SecurityId;
        if (!Quotas.IsActive || Quotas.OwnerOf(before) == Quotas.OwnerOf(securityId))
        {
            return;
        }

        var bytes = StreamsOf(index).Sum(Quotas.Charged);
        Quotas.Require(path, securityId, bytes);
        Quotas.Charge(before, -bytes);
        Quotas.Charge(securityId, bytes);
    }
}
