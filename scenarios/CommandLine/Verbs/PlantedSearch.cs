using System.Globalization;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Searches.PlantedBugs;
using Harness.Scenarios.Searches.Swarm;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>What <c>harness swarm --plant</c> does: searches an engine with a mistake in it until the mistake is found.</summary>
internal sealed class PlantedSearch(Terminal terminal, DirectoryInfo directory)
{
    private const string List = "list";

    /// <summary>Searches; 0 when it is found as what it is, otherwise 2. ArgumentInvalid for a name that there is not.</summary>
    /// <param name="name">Name of the planted bug, or <c>list</c>.</param>
    /// <param name="from">The first seed.</param>
    /// <param name="seeds">How many; null for as many as it may take.</param>
    /// <param name="cancellationToken">Ends it between two seeds.</param>
    public int Run(string name, ulong from, long? seeds, CancellationToken cancellationToken)
    {
        if (name == List)
        {
            foreach (var known in PlantedBugCatalog.All)
            {
                terminal.Out.WriteLine($"{known.Name,-24}claim {known.Claim}, within {Sizes.Count(known.MostSeeds, "seed")}: {known.Mistake}");
            }

            return ExitCodes.Ok;
        }

        var bug = PlantedBugCatalog.Find(name);
        var most = seeds ?? bug.MostSeeds;
        for (long tried = 0; tried < most; tried++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var swarmCase = bug.Draw(unchecked(from + (ulong)tried));
            var outcome = SwarmRun.Of(swarmCase, bug);
            if (outcome.Problems.Count > 0)
            {
                return Report(bug, swarmCase, outcome, tried + 1);
            }
        }

        terminal.Out.WriteLine($"'{bug.Name}' was not found within {Sizes.Count(most, "seed")}.");
        return ExitCodes.UnexpectedResult;
    }

    private int Report(PlantedBug bug, SwarmCase swarmCase, SwarmOutcome outcome, long tried)
    {
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {swarmCase.Seed}, after {Sizes.Count(tried, "seed")}: {outcome.Problems[0]}"));
        var again = ShrunkCase.Write(
            swarmCase,
            outcome,
            candidate => SwarmRun.Of(candidate, bug),
            directory,
            string.Create(CultureInfo.InvariantCulture, $"{bug.Name}-{swarmCase.Seed}"));
        terminal.Out.WriteLine($"{again} --plant {bug.Name}");
        var isFound = bug.IsFoundBy(outcome);
        terminal.Out.WriteLine(isFound ? $"'{bug.Name}' is found: it breaks claim {bug.Claim}." : $"That is not what '{bug.Name}' does ({bug.Mistake}).");
        return isFound ? ExitCodes.Ok : ExitCodes.UnexpectedResult;
    }
}
