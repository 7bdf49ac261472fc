namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>What a verb wants of a vault.</summary>
internal enum VaultUse
{
    /// <summary>To write: a repository is created where there is none.</summary>
    New,

    /// <summary>To read what is there.</summary>
    Existing,
}
