using System.CommandLine;
using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.CommandLine.Reports;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Shows the rules: every clause with its verdict, its words and how sure it is.</summary>
internal sealed class MatrixVerb : Verb
{
    private readonly Option<string?> _diff = new("--diff")
    {
        Description = "Show only what this other profile says otherwise.",
        HelpName = "P2",
    };

    public MatrixVerb(Terminal terminal)
        : base(
            terminal,
            "matrix",
            "Show the rules of a profile: each clause with its verdict, the document's words and date, and whether it is documented, "
            + "inferred or open.",
            "harness matrix",
            "harness matrix --profile dpm-classic-2018 --json")
    {
        Add(SharedOptions.Profile);
        Add(_diff);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var profile = ProfileCatalog.Load(parse.GetValue(SharedOptions.Profile) ?? ProfileCatalog.DefaultId);
        var json = parse.GetValue(SharedOptions.Json);
        if (parse.GetValue(_diff) is { } otherId)
        {
            var diff = Compare(profile, ProfileCatalog.Load(otherId));
            if (json)
            {
                DocumentContext.Write(Terminal.Out, diff, c => c.MatrixDiffDocument);
            }
            else
            {
                MatrixTable.WriteDiff(Terminal, diff);
            }
        }
        else if (json)
        {
            var document = new MatrixDocument(
                profile.Id,
                profile.Title,
                profile.Options,
                [.. profile.Clauses.Select(c => MatrixTable.Row(profile, c))],
                [.. profile.FileTypes.Select(FileTypeBody.Of)]);
            DocumentContext.Write(Terminal.Out, document, c => c.MatrixDocument);
        }
        else
        {
            MatrixTable.Write(Terminal, profile);
        }

        return Task.FromResult(ExitCodes.Ok);
    }

    private static MatrixDiffDocument Compare(RuleProfile profile, RuleProfile other)
    {
        var ids = profile.Clauses.Concat(other.Clauses).Select(c => c.Id).Distinct(StringComparer.Ordinal);
        var pairs = ids.Select(id => new MatrixDifference(id, Side(profile, id), Side(other, id)));
        return new(profile.Id, other.Id, [.. pairs.Where(p => p.Profile != p.Other)]);
    }

    private static MatrixRow? Side(RuleProfile profile, string id) =>
        profile.HasClause(id) ? MatrixTable.Row(profile, profile.GetClause(id)) : null;
}
