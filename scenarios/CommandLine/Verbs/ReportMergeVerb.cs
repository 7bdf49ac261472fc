using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Reports;
using Harness.Scenarios.Reports.Merging;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Joins the parts of a run.</summary>
internal sealed class ReportMergeVerb : Verb
{
    private const int MaxShown = 50;

    private readonly Argument<string[]> _directories = new("DIR")
    {
        Description = "The --out directories of the parts.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _out = new("--out")
    {
        Description = "Directory for the whole: results.jsonl and the reports.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<string?> _report = ReportOption.Create();

    public ReportMergeVerb(Terminal terminal)
        : base(
            terminal,
            "merge",
            "Join the parts of a run into one set of results and reports, equal to that of a run in one piece. Parts of different commits, "
            + "catalogues or seeds are refused. What no part has is listed as NOT RUN, and the exit code is 9.",
            "harness report merge out/1 out/2 out/3 --out out/all")
    {
        Add(_directories);
        Add(_out);
        Add(_report);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var json = parse.GetValue(SharedOptions.Json);
        var target = parse.GetRequiredValue(_out);
        var reports = ReportSet.Parse(ReportOption.Read(parse, _report));
        var directories = parse.GetRequiredValue(_directories).DistinctBy(Path.GetFullPath, StringComparer.Ordinal).ToList();
        if (directories.Find(directory => Path.GetFullPath(directory) == Path.GetFullPath(target)) is { } same)
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid, $"'{same}' is a part and --out too.", "Name another directory with --out.");
        }

        var merged = RunMerge.Of([.. directories.Select(PartialRun.Read)]);
        OutDirectory.Prepare(target);
        RunHeaderFile.Write(target, merged.Header);
        ResultsFile.Write(target, merged.Results);
        reports.Write(target, merged.Results, merged.Header);
        var exit = merged.Missing.Count > 0 ? ExitCodes.MergeIncomplete
            : merged.Results.Any(r => CellStates.IsFailure(r.State)) ? ExitCodes.UnexpectedResult
            : ExitCodes.Ok;
        Tell(merged, target, json ? Terminal.Error : Terminal.Out, directories.Count);
        if (json)
        {
            DocumentContext.Write(Terminal.Out, RunDocument.Of(exit, target), c => c.RunDocument);
        }

        return Task.FromResult(exit);
    }

    private void Tell(MergedRun merged, string target, TextWriter output, int directories)
    {
        foreach (var note in merged.Notes)
        {
            Terminal.Error.WriteLine($"note: {note}");
        }

        foreach (var missing in merged.Missing.Take(MaxShown))
        {
            output.WriteLine($"{CellStates.Symbol(CellState.NotRun)} NOT RUN  {missing}");
        }

        if (merged.Missing.Count > MaxShown)
        {
            output.WriteLine($"... and {merged.Missing.Count - MaxShown} more in {Path.Combine(target, ResultsFile.FileName)}");
        }

        SummaryReport.Write(output, merged.Results, target, merged.Header.Ended - merged.Header.Started);
        if (merged.Missing.Count > 0)
        {
            new ErrorPrinter(Terminal, json: false).Print(new BackupException(
                ErrorCode.ResultsIncomplete,
                $"The merge of {Sizes.Count(directories, "part")} is incomplete: {merged.Missing.Count} not run.",
                "Run the parts that are missing again into directories of their own, and merge all of them."));
        }
    }
}
