namespace Harness.Tests.Architecture;

/// <summary>
/// Who may know whom (design: the house). The core imports nothing of ours, its adapters and the simulator import the core,
/// scenarios is the only composer, perf measures it too, and nobody imports tests or perf.
/// </summary>
internal static class Arrows
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["engine/Core"] = [],
        ["engine/Azure"] = ["engine/Core"],
        ["engine/Local"] = ["engine/Core"],
        ["simulator"] = ["engine/Core"],
        ["scenarios"] = ["engine/Core", "engine/Azure", "engine/Local", "simulator"],
        ["perf"] = ["engine/Core", "engine/Azure", "engine/Local", "simulator", "scenarios"],
        ["tests"] = ["engine/Core", "engine/Azure", "engine/Local", "simulator", "scenarios"],
    };

    /// <summary>The arrows that are not allowed, each as a sentence.</summary>
    public static IEnumerable<string> Forbidden(IEnumerable<(string From, string To)> arrows)
    {
        foreach (var (from, to) in arrows)
        {
            if (!Allowed.TryGetValue(from, out var targets))
            {
                yield return $"{from} is not a project of the design.";
            }
            else if (!targets.Contains(to, StringComparer.Ordinal))
            {
                yield return $"{from} must not reference {to}.";
            }
        }
    }
}
