using System.CommandLine;
using System.Text.Json;
using Harness.Engine.Errors;
using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.CommandLine.Reports;
using Harness.Scenarios.Model;
using Harness.Scenarios.Yaml;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Shows the rules: every clause with its verdict, its words, how sure it is, and the scenarios that prove it.</summary>
internal sealed class MatrixVerb : Verb
{
    private readonly Option<string?> _diff = new("--diff")
    {
        Description = "Show only what this other profile says otherwise.",
        HelpName = "P2",
    };

    private readonly Option<bool> _all = new("--all")
    {
        Description = "Show what every profile makes of each clause.",
    };

    private readonly Option<string?> _topic = new("--topic")
    {
        Description = $"Only one part of the matrix: {string.Join(", ", Topics.Keys)}.",
        HelpName = "T",
    };

    public MatrixVerb(Terminal terminal)
        : base(
            terminal,
            "matrix",
            "Show the rules of a profile: each clause with its verdict, the document's words and date, who says otherwise, whether it is "
            + "documented, inferred or open, and the scenarios that prove it (or NO TEST).",
            "harness matrix",
            "harness matrix --profile mars-2026 --topic scratch --json",
            "harness matrix --diff mars-2026")
    {
        Add(SharedOptions.Profile);
        Add(_topic);
        Add(_diff);
        Add(_all);
        Add(SharedOptions.Json);
    }

    private static IReadOnlyDictionary<string, ClauseTopic> Topics { get; } = Enum.GetValues<ClauseTopic>()
        .ToDictionary(topic => JsonNamingPolicy.KebabCaseLower.ConvertName(topic.ToString()), StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var profile = ProfileCatalog.Load(parse.GetValue(SharedOptions.Profile) ?? ProfileCatalog.DefaultId);
        var other = parse.GetValue(_diff) is { } id ? ProfileCatalog.Load(id) : null;
        if (parse.GetValue(_all) && (other is not null || parse.GetValue(SharedOptions.Profile) is not null))
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid, "--all cannot be given with --profile or --diff.", "It shows every profile; leave the others out.");
        }

        var coverage = ClauseCoverage.Of(ScenarioCatalog.Lint(ScenarioCatalog.DefaultDirectory).Scenarios);
        var topic = parse.GetValue(_topic) is { } word ? ReadTopic(word) : (ClauseTopic?)null;
        var json = parse.GetValue(SharedOptions.Json);
        if (other is not null)
        {
            var diff = MatrixComparison.Of(profile, other, (of, clause) => MatrixTable.Row(of, clause, coverage), topic);
            Print(diff, json, c => c.MatrixDiffDocument, MatrixTable.WriteDiff);
        }
        else if (parse.GetValue(_all))
        {
            var set = new MatrixSetDocument([.. ProfileCatalog.Ids.Select(each => Document(ProfileCatalog.Load(each), topic, coverage))]);
            Print(set, json, c => c.MatrixSetDocument, MatrixTable.WriteAll);
        }
        else
        {
            Print(Document(profile, topic, coverage), json, c => c.MatrixDocument, MatrixTable.Write);
        }

        return Task.FromResult(ExitCodes.Ok);
    }

    private void Print<T>(
        T document, bool json, Func<DocumentContext, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>> type, Action<Terminal, T> text)
    {
        if (json)
        {
            DocumentContext.Write(Terminal.Out, document, type);
        }
        else
        {
            text(Terminal, document);
        }
    }

    private static MatrixDocument Document(RuleProfile profile, ClauseTopic? topic, ClauseCoverage coverage) => new(
        profile.Id,
        profile.Title,
        profile.Options,
        [.. profile.Clauses.Where(c => topic is null || c.Topic == topic).Select(c => MatrixTable.Row(profile, c, coverage))],
        [.. profile.FileTypes.Select(FileTypeBody.Of)]);

    private static ClauseTopic ReadTopic(string word) => Topics.TryGetValue(word, out var topic)
        ? topic
        : throw new BackupException(
            ErrorCode.ArgumentInvalid, $"There is no topic '{word}'.{DidYouMean.Hint(word, Topics.Keys)}", DidYouMean.Allowed(Topics.Keys));
}
