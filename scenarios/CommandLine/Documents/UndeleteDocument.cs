namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>undelete --json</c> prints.</summary>
internal sealed record UndeleteDocument(long RecoveryPoint);
