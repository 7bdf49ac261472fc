using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Reports;
using Harness.Scenarios.Reports.History;
using Harness.Scenarios.Reports.Pages;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Makes the page from results that are there already, of one run or of several that complete each other.</summary>
internal sealed class ReportPageVerb : Verb
{
    private readonly Argument<string[]> _results = new("RESULTS")
    {
        Description = "A results.jsonl or the out directory that holds one; several are joined, such as that of simulated and that of real volumes.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _history = HistoryOption.Create();

    private readonly Option<string> _out = new("--out")
    {
        Description = "The page to write (default: report.html).",
        HelpName = "FILE",
        DefaultValueFactory = _ => HtmlReport.FileName,
    };

    public ReportPageVerb(Terminal terminal)
        : base(
            terminal,
            "page",
            "Make the page, one HTML file that works offline, from results: the matrix, the evidence, the rules and the plots.",
            "harness report page out",
            "harness report page out out-ntfs --history nightly --out site/index.html")
    {
        Add(_results);
        Add(_history);
        Add(_out);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var results = JoinedResults.Read(parse.GetValue(_results)!);
        var history = parse.GetValue(_history) is { } directory ? RunHistory.Add(directory, results, TimeProvider.System.GetUtcNow()) : [];
        var file = parse.GetValue(_out)!;
        var page = HtmlReport.Render(results, PageContext.Default with { History = history });
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            File.WriteAllText(file, page);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible, $"The page '{file}' cannot be written: {error.Message}", "Name another file with --out.", inner: error);
        }

        Terminal.Out.WriteLine($"{file}: {Sizes.Count(results.Count, "cell")}, {RunTotals.Of(results)}");
        return Task.FromResult(ExitCodes.Ok);
    }
}
