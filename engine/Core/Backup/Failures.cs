using System.Text.Json;
using Harness.Engine.Errors;
using Harness.Engine.Rules;

namespace Harness.Engine.Backup;

/// <summary>Turns trouble with one entry into a report item.</summary>
internal static class Failures
{
    public const string OrdinaryClause = "file.ordinary";

    public static FailedItem ToItem(SourceReadException error, Clause clause) =>
        new(error.Path, JsonNamingPolicy.KebabCaseLower.ConvertName(error.Fault.ToString()), error.Message, clause.Id);
}
