using System.Text.RegularExpressions;
using Harness.Engine.Errors;

namespace Harness.Scenarios.Authoring;

/// <summary>The file that a new scenario starts from. It runs and passes as it is; its author changes what differs.</summary>
public static partial class ScenarioTemplate
{
    /// <summary>The clause of a scenario that names none.</summary>
    public const string DefaultClause = "file.compressed";

    /// <summary>The text; ArgumentInvalid when the id is none.</summary>
    public static string Of(string id, string clause = DefaultClause)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!Id().IsMatch(id))
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"'{id}' is no id of a scenario.",
                "Write area.name in lower-case letters, digits and '-', such as file-types.my-case.");
        }

        return $$"""
            # yaml-language-server: $schema=../scenario.schema.json
            id: {{id}}
            title: Compressed files of every size are protected, incrementally   # one sentence that says what holds
            requirement: { clause: {{clause}} }        # 'harness matrix' lists the clauses
            tags: [{{id.Split('.')[0]}}]
            matrix:
              size: [0, 1KiB, 1MiB]                    # each value is one cell; { subsets-of: [a, b] } gives all subsets
            volume:                                    # a simulator recipe; ${axis} stands for the cell's value
              entries:
                - { path: subject.log, size: "${size}", attributes: [compressed] }
                - { path: neighbour.txt, size: 8KiB }
              edits:
                change: [{ action: append, path: subject.log, size: 1KiB }]
            steps:
              - backup
              - edit: change
              - backup: { budget: { sent-bytes: "<= 1.05 * changed + 64KiB" } }
              - check: { read-data: true }
            expect:                                    # first match wins; every cell needs a row, every row a cell
              - paths:                                 # every entry and stream needs a row, or the cell fails
                  - { path: "**", protected: incremental }

            """.ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]*\.[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();
}
