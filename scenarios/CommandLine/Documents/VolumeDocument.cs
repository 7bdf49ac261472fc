using Harness.Simulator.Recipes;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>volume show --json</c> prints: the recipe, the names of its edits, and the volume at a glance.</summary>
internal sealed record VolumeDocument(string Recipe, IReadOnlyList<string> Edits, VolumePicture Volume);
