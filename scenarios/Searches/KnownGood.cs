using System.Collections.Concurrent;
using Harness.Simulator.Content;

namespace Harness.Scenarios.Searches;

/// <summary>
/// What the oracle has found well already, so that it looks at nothing twice: a vault of the same blobs, with the same recovery
/// points to give back. Lives of one history and seed share it: they are the same until something goes wrong in one of them, and what
/// happened until then is part of what is known. Safe for concurrent use.
/// </summary>
/// <param name="isShared">Whether several worlds use it.</param>
internal sealed class KnownGood(bool isShared)
{
    private readonly ConcurrentDictionary<(ulong State, SearchPoint? Point), bool> _known = new();

    /// <summary>Stands for everything that the oracle's answer depends on.</summary>
    public ulong StateOf(SearchWorld world)
    {
        var state = Mix.Of(world.Vault.Store.Mark(), (ulong)world.Points.Count);
        state = Mix.Of(state, (ulong)world.Forgotten.Count);
        foreach (var machine in world.Machines)
        {
            state = Mix.Of(state, (ulong)machine.SourceDisk.ChangedPaths.Count);
        }

        return isShared ? Mix.Of(state, world.Simulation.Trace.Value) : state;
    }

    /// <summary>Whether a recovery point, or with null the vault as a whole, was found well in a state.</summary>
    public bool Contains(ulong state, SearchPoint? point) => _known.ContainsKey((state, point));

    /// <summary>Notes that it was.</summary>
    public void Add(ulong state, SearchPoint? point) => _known.TryAdd((state, point), true);
}
