using Harness.Engine.Local.Vaults;
using Harness.Simulator.FileSystem;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Vaults;

/// <summary>
/// A directory vault on a simulated Windows volume of its own: one can fill it, make it read-only, or hold its files as a
/// virus scanner does.
/// </summary>
public sealed class SimulatedVault
{
    /// <summary>Where the vault is on its volume.</summary>
    public const string Root = @"V:\vault";

    /// <summary>Capacity where nobody asks for another: 1 TiB.</summary>
    public const long DefaultCapacityBytes = 1L << 40;

    /// <summary>Makes an empty volume.</summary>
    /// <param name="capacityBytes">Its capacity, at least one cluster of 4 KiB.</param>
    public SimulatedVault(long capacityBytes = DefaultCapacityBytes)
    {
        Volume = new SimVolume(new VolumeSettings { Label = "vault", CapacityBytes = capacityBytes }, new SimClock());
        Files = new SimFileSystem(Volume, new SimFileSystemOptions { DriveLetter = Root[0] });
    }

    /// <summary>The volume.</summary>
    public SimVolume Volume { get; }

    /// <summary>The volume as programs see it.</summary>
    public SimFileSystem Files { get; }

    /// <summary>Another object on the same vault.</summary>
    public DirectoryVault Open() => DirectoryVault.Open(Root, new SimClock(), Files);
}
