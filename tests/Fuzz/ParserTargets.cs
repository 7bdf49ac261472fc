namespace Harness.Tests.Fuzz;

/// <summary>Every parser that is tried.</summary>
internal static class ParserTargets
{
    public static IReadOnlyList<ParserTarget> All { get; } = [.. VaultTargets.All, .. ScratchTargets.All, .. TextTargets.All];

    /// <summary>
    /// Sources that read bytes and have no inputs of their own, and why: what they read, this process has written, behind a seal whose key
    /// is as old as the job, or it is tried with another's.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Others { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["engine/Core/Format/WireReader.cs"] = "the primitives of every binary parser",
        ["engine/Core/Format/RecordKey.cs"] = "makes a key of a hash",
        ["engine/Core/Model/EntrySecurity.cs"] = "parser 'entry' asks for it",
        ["engine/Core/Restore/RestoreOrder.cs"] = "records of a temporary table of the same job",
        ["engine/Core/Restore/FirstData.cs"] = "records of a temporary table of the same job",
        ["engine/Core/Restore/PathTable.cs"] = "records of a temporary table of the same job",
        ["engine/Core/Check/NameTwins.cs"] = "records of a temporary table of the same job",
        ["engine/Core/Check/SegmentNeeds.cs"] = "records of a temporary table of the same job",
        ["engine/Core/Check/CheckedPacks.cs"] = "records of a temporary table of the same job",
        ["engine/Core/Prune/RepackList.cs"] = "records of a temporary table of the same job",
        ["engine/Core/Prune/SourceHistory.cs"] = "records of a temporary table of the same job",
        ["engine/Core/State/StateChanges.cs"] = "records of a temporary table of the same job",
        ["engine/Core/Resume/ResumedRun.cs"] = "records of a temporary table of the same job",
        ["engine/Core/State/StateKeys.cs"] = "keys of tables whose every block is authenticated; only the engine makes them",
        ["engine/Core/Segments/SegmentFilter.cs"] = "takes hashes apart",
        ["engine/Core/Crypto/CarrylessTag.cs"] = "computes with bytes that it does not interpret",
        ["engine/Core/Tables/TableSorter.cs"] = "orders keys by their first bytes",
        ["engine/Core/Crypto/KeyRing.cs"] = "makes keys of secrets",
        ["engine/Core/Servers/ServerRulesReader.cs"] = "reads one embedded document, which a test reads",
        ["engine/Core/Rules/Reading/ProfileText.cs"] = "part of parser 'profile'",
        ["engine/Core/Rules/Reading/ProfileNode.cs"] = "part of parser 'profile'",
        ["engine/Core/Rules/ProfileCatalog.cs"] = "hands embedded documents to parser 'profile'",
    };
}
