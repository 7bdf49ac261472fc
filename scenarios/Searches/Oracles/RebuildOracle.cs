using Harness.Engine.Errors;
using Harness.Simulator.Faults;

namespace Harness.Scenarios.Searches.Oracles;

/// <summary>
/// The local state equals the one that is rebuilt from the vault, and both equal the volume (claim 4 of FAULT_MODEL.md): after every file
/// was touched and none changed, a run that looks at everything sends no content, with its scratch location as it is and with an
/// empty one.
/// </summary>
internal static class RebuildOracle
{
    /// <summary>What does not hold; empty when all is well. Makes two recovery points; the machine's faults are over.</summary>
    public static async Task<IReadOnlyList<string>> CheckAsync(SearchWorld world, SearchMachine machine)
    {
        foreach (var loses in new[] { false, true })
        {
            if (loses)
            {
                machine.LoseScratch();
            }

            foreach (var entry in machine.Volume.Walk().Where(entry => entry.Path.Length > 0).ToList())
            {
                machine.Volume.Touch(entry.Path);
            }

            var packs = world.Vault.Store.Names("packs/").ToHashSet(StringComparer.Ordinal);
            var report = await RunAsync(world, machine);
            var added = world.Vault.Store.Names("packs/").Count(name => !packs.Contains(name));
            if (added > 0 || report is { ChangedBytes: > 0 })
            {
                var what = loses ? "rebuilt from the vault" : "kept in the scratch location";
                return [$"state: by the state {what}, {report.ChangedBytes} bytes changed and {added} packs were sent, though files were touched only"];
            }
        }

        return [];
    }

    private static async Task<Engine.Backup.BackupReport> RunAsync(SearchWorld world, SearchMachine machine)
    {
        try
        {
            return await world.BackupAsync(world.Start(NoFaults.Instance, machine: machine), machine, BackupWay.Whole);
        }
        catch (BackupException error)
        {
            throw new InvalidOperationException($"The backup of touched files fails: {error.Code} {error.Message}", error);
        }
    }
}
