using System.CommandLine;
using Harness.Engine.Backup;
using Harness.Engine.Errors;
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

    private readonly Option<bool> _tree = new("--tree")
    {
        Description = "Explain everything below the directory, or on the volume of a capture or recipe file.",
    };

    private readonly Option<bool> _every = new("--every-path")
    {
        Description = "Of a tree list every path, not only those that are skipped, sent whole, or judged differently (--json always does).",
    };

    private readonly Option<bool> _allProfiles = new("--all-profiles")
    {
        Description = "Say what every profile makes of it, side by side.",
    };

    public ExplainVerb(Terminal terminal)
        : base(
            terminal,
            "explain",
            "Say why a file is protected or skipped: the traits found, the clause that decides, the document's words, and the rules that fit "
            + "too but do not decide. Of a tree or a captured one: every path, and how much each rule decides.",
            "harness explain ./documents/budget.xlsx",
            "harness explain --traits encrypted,sparse --json",
            "harness explain --traits encrypted --all-profiles",
            "harness explain recipe:capture.yaml --profile mars-2026",
            "harness explain ./documents --tree --json")
    {
        Add(_path);
        Add(_traits);
        Add(_tree);
        Add(_every);
        Add(PreserveOption.Preserve);
        Add(SharedOptions.Profile);
        Add(_allProfiles);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var path = parse.GetValue(_path);
        var list = parse.GetValue(_traits);
        if (path is null == list is null)
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                path is null ? "Neither a path nor --traits was given." : "A path and --traits cannot be given together.",
                "Give one: harness explain PATH, or harness explain --traits encrypted,sparse.");
        }

        var profiles = Profiles(parse);
        if (path is not null && (parse.GetValue(_tree) || SourceFactory.IsRecipe(path)))
        {
            return await ExplainTreeAsync(parse, path, profiles, cancellationToken);
        }

        if (parse.GetValue(_tree) || parse.GetValue(_every))
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"{(parse.GetValue(_tree) ? "--tree" : "--every-path")} belongs to a tree.",
                "Give a directory with --tree, or recipe:FILE.");
        }

        var traits = list is null ? PathTraits.Read(path!) : [(null!, TraitList.Parse(list))];
        var warnings = path is null ? [] : await WarningsAsync(path, cancellationToken);
        var documents = profiles.Select(profile => new ExplainDocument(
            profile.Id, path, [.. traits.Select(s => Explanation.Of(profile, s.Path, s.Traits))], warnings)).ToList();
        Print(parse, path, documents);
        return ExitCodes.Ok;
    }

    private IReadOnlyList<RuleProfile> Profiles(ParseResult parse)
    {
        var named = parse.GetValue(SharedOptions.Profile);
        if (named is not null && parse.GetValue(_allProfiles))
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid, "--profile and --all-profiles cannot be given together.", "Give one of them.");
        }

        IReadOnlyList<string> ids = parse.GetValue(_allProfiles) ? ProfileCatalog.Ids : [named ?? ProfileCatalog.DefaultId];
        return [.. ids.Select(id => ProfileCatalog.Load(id).Preserving(parse.GetValue(PreserveOption.Preserve)))];
    }

    private void Print(ParseResult parse, string? path, List<ExplainDocument> documents)
    {
        if (!parse.GetValue(SharedOptions.Json))
        {
            documents.ForEach(document => ExplainText.Write(Terminal.Out, document));
        }
        else if (parse.GetValue(_allProfiles))
        {
            DocumentContext.Write(Terminal.Out, new ExplainSetDocument(path, documents), c => c.ExplainSetDocument);
        }
        else
        {
            DocumentContext.Write(Terminal.Out, documents[0], c => c.ExplainDocument);
        }
    }

    private async Task<int> ExplainTreeAsync(
        ParseResult parse, string path, IReadOnlyList<RuleProfile> profiles, CancellationToken cancellationToken)
    {
        var source = SourceFactory.OpenTree(path);
        var explainer = new TreeExplainer(profiles);
        if (parse.GetValue(SharedOptions.Json))
        {
            var json = new ExplainTreeJson(Terminal.Out);
            json.Begin(path, [.. profiles.Select(profile => profile.Id)]);
            await explainer.RunAsync(source, json.Write, Tell, cancellationToken);
            json.End(explainer);
        }
        else
        {
            var text = new ExplainTreeText(Terminal.Out, parse.GetValue(_every));
            await explainer.RunAsync(source, text.Write, Tell, cancellationToken);
            text.WriteCounts(path, explainer);
        }

        return explainer.Unreadable == 0 ? ExitCodes.Ok : ExitCodes.Incomplete;

        void Tell(SourceReadException error) => Terminal.Error.WriteLine($"cannot be looked at: {error.Path}: {error.Message}");
    }

    private static async Task<IReadOnlyList<ReportNote>> WarningsAsync(string path, CancellationToken cancellationToken) =>
        await PathTraits.CaseEvidenceAsync(path, cancellationToken) is { } evidence
            ? [new("case-sensitive-source", $"As a source it is refused, since names differ by case here ({evidence}).", CaseClause)]
            : [];
}
