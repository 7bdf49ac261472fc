using System.Text.Json;
using Harness.Engine.Rules;

namespace Harness.Scenarios.CommandLine.Output;

/// <summary>How a clause is quoted in text.</summary>
internal static class Citation
{
    /// <summary>Id, words, document, date and status in one line.</summary>
    public static string Of(Clause clause) =>
        $"{clause.Id} \"{clause.Quote}\" ({clause.Document}, {clause.Date}; {Status(clause)})";

    /// <summary>Id and words.</summary>
    public static string Short(Clause clause) =>
        $"{clause.Id} \"{clause.Quote}\"{(clause.Status == ClauseStatus.Documented ? "" : $" ({Status(clause)})")}";

    /// <summary>The status in lower case.</summary>
    public static string Status(Clause clause) => JsonNamingPolicy.KebabCaseLower.ConvertName(clause.Status.ToString());
}
