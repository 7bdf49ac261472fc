using Harness.Engine.Errors;

namespace Harness.Scenarios.Searches.PlantedBugs;

/// <summary>The planted bugs.</summary>
internal static class PlantedBugCatalog
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new CursorOutsideCommit(),
        new FalseUnchanged(),
        new IndexBeforePacks(),
        new JournalAfterSnapshot(),
        new PruneByClock(),
        new SecondName(),
        new SkipFlush(),
    ];

    /// <summary>One by name; ArgumentInvalid when there is none.</summary>
    public static PlantedBug Find(string name) => All.FirstOrDefault(bug => bug.Name == name) ?? throw new BackupException(
        ErrorCode.ArgumentInvalid, $"There is no planted bug '{name}'.", $"Give one of: {string.Join(", ", All.Select(bug => bug.Name))}; or 'list'.");
}
