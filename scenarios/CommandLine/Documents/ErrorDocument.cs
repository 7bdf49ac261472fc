namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>--json</c> prints when a verb fails.</summary>
internal sealed record ErrorDocument(ErrorBody Error);

/// <summary>The error: a stable code, what happened, what to do, and the clause that decided.</summary>
internal sealed record ErrorBody(string Code, string Message, string? Remedy, string? Clause);
