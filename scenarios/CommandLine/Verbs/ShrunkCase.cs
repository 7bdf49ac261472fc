using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Searches.Swarm;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Makes a failing case small and leaves it as a file for <c>harness repro</c>.</summary>
internal static class ShrunkCase
{
    /// <summary>Writes it; returns a line that says how to run it again. ArgumentInvalid when it cannot be written.</summary>
    /// <param name="swarmCase">The case.</param>
    /// <param name="outcome">What a run of it showed.</param>
    /// <param name="run">Runs a case.</param>
    /// <param name="directory">Where the file goes; created when absent.</param>
    /// <param name="name">Name of the file, without its ending.</param>
    public static string Write(
        SwarmCase swarmCase, SwarmOutcome outcome, Func<SwarmCase, SwarmOutcome> run, DirectoryInfo directory, string name)
    {
        var (small, runs) = SwarmShrinker.Shrink(swarmCase, outcome, run);
        var file = Path.Combine(directory.FullName, $"{name}.yaml");
        try
        {
            directory.Create();
            File.WriteAllText(file, CaseFile.Write(small, run(small).Problems));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(ErrorCode.ArgumentInvalid, $"'{file}' cannot be written: {error.Message}", "Name another directory with --out.");
        }

        return $"  shrunk in {Sizes.Count(runs, "run")} to {Sizes.Count(small.Steps.Count, "step")} and {Sizes.Count(small.Faults!.Count, "fault")}; again: harness repro {file}";
    }
}
