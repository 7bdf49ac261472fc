using Harness.Simulator.Processes;
using Harness.Simulator.Scratch;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Searches;

/// <summary>A machine of a search's world: its volume is one data source of the vault, its scratch location has a disk of its own.</summary>
/// <param name="name">Name of the machine and of its data source.</param>
/// <param name="volume">What is protected.</param>
/// <param name="host">Its clock and its credentials.</param>
internal sealed class SearchMachine(string name, SimVolume volume, SimHost host)
{
    private bool _isTracking = true;

    public string Name => name;

    public SimHost Host => host;

    public SimVolume Volume => volume;

    public SimScratchDisk Scratch { get; private set; } = NewScratch();

    /// <summary>The scratch location of another program that protects the same volume.</summary>
    public SimScratchDisk Elsewhere { get; } = NewScratch();

    public SimSourceDisk SourceDisk { get; } = new();

    /// <summary>How the source tells what changed; null is not at all.</summary>
    public SimChangeTracking? ChangeTracking
    {
        get => _isTracking ? field : null;
        set;
    }

    /// <summary>Whether the source tells what changed, where it can; from now on without the snapshots that it kept for that.</summary>
    public void Track(bool isOn)
    {
        _isTracking = true;
        ChangeTracking?.ForgetSnapshots();
        _isTracking = isOn;
    }

    /// <summary>The scratch location is gone: a new disk.</summary>
    public void LoseScratch() => Scratch = NewScratch();

    /// <summary>Ends every condition that faults have left.</summary>
    public void Heal()
    {
        Scratch.Heal();
        Elsewhere.Heal();
        SourceDisk.Heal();
        host.Heal();
    }

    private static SimScratchDisk NewScratch() => new(new SimScratch(1L << 40));
}
