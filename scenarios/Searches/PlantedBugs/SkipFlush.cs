using Harness.Engine.Ports;
using Harness.Scenarios.Searches.Swarm;
using Harness.Simulator.Content;
using Harness.Simulator.Scratch;

namespace Harness.Scenarios.Searches.PlantedBugs;

/// <summary>A flush of the scratch location answers and does nothing, so that a power cut leaves a head without what it names.</summary>
internal sealed class SkipFlush : PlantedBug
{
    public override string Name => "skip-flush";

    public override string Mistake => "a flush of the scratch location does nothing";

    public override int Claim => 4;

    public override IReadOnlyList<string> Findings => ["state lost:"];

    public override int MostSeeds => 30;

    public override EnginePorts Plant() => new Ports();

    /// <summary>Backups, and power cuts between them.</summary>
    public override SwarmCase Draw(ulong seed)
    {
        var choices = new SeededSequence(Mix.Of(seed, Name));
        List<string> steps = ["edit A create a 65536 1", $"edit A create b {choices.Below(20_000)} 2"];
        for (var run = 0; run < 4; run++)
        {
            steps.Add($"edit A write a {choices.Below(16) * 4096} 4096 {choices.Below(50)}");
            steps.Add("run backup A");
            if (choices.Permille(500))
            {
                steps.Add($"power-cut A {(choices.Permille(500) ? "torn" : "dropped")}");
            }
        }

        return Case(seed, SwarmTracking.None, [], steps);
    }

    private sealed class Ports : EnginePorts
    {
        public override IScratch Scratch(IScratch scratch) => new Unflushed(scratch);
    }

    private sealed class Unflushed(IScratch inner) : DelegatingScratch(inner)
    {
        public override ValueTask FlushAsync(string name, CancellationToken cancellationToken) => default;
    }
}
