using Harness.Engine.Ports;

namespace Harness.Scenarios.Searches.PlantedBugs;

/// <summary>
/// Stands between the engines of a world and their ports, for the whole life of that world. This one lets everything through; a planted
/// bug does not. So the engine that is searched is the one that ships, without a switch in it.
/// </summary>
internal class EnginePorts
{
    /// <summary>Everything goes through.</summary>
    public static EnginePorts AsTheyAre { get; } = new();

    /// <summary>The scratch location as an engine sees it.</summary>
    public virtual IScratch Scratch(IScratch scratch) => scratch;

    /// <summary>The vault as a backup sees it.</summary>
    public virtual IVault BackupVault(IVault vault) => vault;

    /// <summary>The vault as a prune sees it.</summary>
    public virtual IVault PruneVault(IVault vault, TimeProvider clock) => vault;

    /// <summary>The data source of a machine as a backup sees it.</summary>
    public virtual IDataSource Source(IDataSource source, SearchMachine machine) => source;
}
