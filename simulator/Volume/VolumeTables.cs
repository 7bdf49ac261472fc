namespace Harness.Simulator.Volume;

/// <summary>What a volume and all its snapshots share: settings, and tables that only grow.</summary>
internal sealed class VolumeTables
{
    public VolumeTables(VolumeSettings settings)
    {
        Settings = settings;
        Allocation = new AllocationRules(settings, Profiles);
    }

    public VolumeSettings Settings { get; }

    public NameStore Names { get; } = new();

    public ProfileTable Profiles { get; } = new();

    public SecurityTable Security { get; } = new();

    public AllocationRules Allocation { get; }
}
