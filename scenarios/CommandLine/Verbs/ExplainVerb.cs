using System.CommandLine;
using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.CommandLine.Reports;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Says why something is protected or skipped.</summary>
internal sealed class ExplainVerb : Verb
{
    private const string CaseClause = "source.case-sensitive";

    private readonly Argument<string?> _path = new("PATH")
    {
        Description = "A file or directory of this machine.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _traits = new("--traits")
    {
        Description = "Traits joined by commas: encrypted, compressed, sparse, hard-link, reparse-point, named-stream, directory, "
            + "special, mount-point, deduplicated, none.",
        HelpName = "LIST",
    };

    public ExplainVerb(Terminal terminal)
        : base(
            terminal,
            "explain",
            "Say why a file is protected or skipped: the traits found, the clause that decides, and the document's words.",
            "harness explain ./documents/budget.xlsx",
            "harness explain --traits encrypted,sparse --json",
            "harness explain --traits hard-link --preserve hard-links")
    {
        Add(_path);
        Add(_traits);
        Add(PreserveOption.Preserve);
        Add(SharedOptions.Profile);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var profile = ProfileCatalog.Load(parse.GetValue(SharedOptions.Profile) ?? ProfileCatalog.DefaultId)
            .Preserving(parse.GetValue(PreserveOption.Preserve));
        var path = parse.GetValue(_path);
        var list = parse.GetValue(_traits);
        if (path is null == list is null)
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                path is null ? "Neither a path nor --traits was given." : "A path and --traits cannot be given together.",
                "Give one: harness explain PATH, or harness explain --traits encrypted,sparse.");
        }

        var document = list is not null
            ? new ExplainDocument(profile.Id, null, [Explain(profile, null, TraitList.Parse(list))], [])
            : await ExplainPathAsync(profile, path!, cancellationToken);
        if (parse.GetValue(SharedOptions.Json))
        {
            DocumentContext.Write(Terminal.Out, document, c => c.ExplainDocument);
        }
        else
        {
            ExplainText.Write(Terminal.Out, document);
        }

        return ExitCodes.Ok;
    }

    private static async Task<ExplainDocument> ExplainPathAsync(
        RuleProfile profile, string path, CancellationToken cancellationToken)
    {
        var subjects = PathTraits.Read(path).Select(s => Explain(profile, s.Path, s.Traits)).ToList();
        var evidence = await PathTraits.CaseEvidenceAsync(path, cancellationToken);
        ReportNote[] warnings = evidence is null
            ? []
            : [new("case-sensitive-source", $"As a source it is refused, since names differ by case here ({evidence}).", CaseClause)];
        return new(profile.Id, path, subjects, warnings);
    }

    private static ExplainedSubject Explain(RuleProfile profile, string? path, EntryTraits traits)
    {
        var rules = Classifier.Matching(profile, traits);
        var verdict = Classifier.Classify(profile, traits);
        return new(
            path,
            TraitList.Names(traits),
            verdict.Protection,
            verdict.Reason,
            verdict.Clause,
            verdict.SetAside,
            [.. rules.Where(rule => rule.Verdict.Clause != verdict.Clause && rule.Verdict.Clause != verdict.SetAside).Select(FileTypeBody.Of)]);
    }
}
