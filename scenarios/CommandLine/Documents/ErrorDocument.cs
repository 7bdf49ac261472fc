using System.Text.Json.Serialization;
using Harness.Engine.Backup;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>--json</c> prints when a verb fails; of a backup also what it has cost.</summary>
internal sealed record ErrorDocument(
    ErrorBody Error, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FailedRun? Run = null);

/// <summary>The error: a stable code, what happened, what to do, and the clause that decided.</summary>
internal sealed record ErrorBody(string Code, string Message, string? Remedy, string? Clause)
{
    /// <summary>The code under which the documents publish the error; null, and not written, where none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Published { get; init; }
}
