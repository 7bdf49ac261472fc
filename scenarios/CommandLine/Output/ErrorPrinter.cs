using System.CommandLine;
using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Documents;

namespace Harness.Scenarios.CommandLine.Output;

/// <summary>Prints errors: a code, a sentence, what to do, and the clause behind it; with <c>--json</c> one document too.</summary>
internal sealed class ErrorPrinter(Terminal terminal, bool json)
{
    private readonly bool _verbose = Environment.GetEnvironmentVariable("HARNESS_DEBUG") == "1";
    private readonly string? _profile;

    public ErrorPrinter(Terminal terminal, ParseResult parse)
        : this(terminal, parse.GetValue(SharedOptions.Json))
    {
        _verbose |= parse.GetValue(SharedOptions.Verbose);
        _profile = parse.GetValue(SharedOptions.Profile);
    }

    /// <summary>Prints an error that the user can act on; returns the exit code.</summary>
    public int Print(BackupException error, FailedRun? run = null)
    {
        if (json)
        {
            var body = new ErrorBody(error.Code.ToString(), error.Message, error.Remedy, error.Clause) { Published = PublishedCodes.Of(error.Code) };
            DocumentContext.Write(terminal.Out, new ErrorDocument(body, run), c => c.ErrorDocument);
        }

        terminal.Error.WriteLine($"error {error.Code}: {error.Message}");
        if (error.Remedy is { } remedy)
        {
            terminal.Error.WriteLine($"  remedy: {remedy}");
        }

        if (PublishedCodes.Of(error.Code) is { } published)
        {
            terminal.Error.WriteLine($"  published as: {published}");
        }

        if (error.Clause is { } clause)
        {
            terminal.Error.WriteLine($"  clause: {Cite(clause)}");
        }

        if (_verbose)
        {
            terminal.Error.WriteLine(error.ToString());
        }

        return ExitCodes.For(error.Code);
    }

    /// <summary>Prints that a person or the system ended the run; returns the exit code.</summary>
    public int PrintCancelled() => Print(Cancelled());

    /// <summary>That a person or the system ended the run.</summary>
    public static BackupException Cancelled() => new(
        ErrorCode.Cancelled, "The run was cancelled before it ended.", "Earlier recovery points are intact; run the same command again.");

    /// <summary>Prints a bug; returns the exit code.</summary>
    public int PrintUnexpected(Exception error)
    {
        const string remedy = "This is a bug of harness. Run it again with --verbose and report what it prints.";
        return Print(new BackupException(
            ErrorCode.InternalError, $"{error.GetType().Name}: {error.Message}", remedy, inner: error));
    }

    private string Cite(string id)
    {
        var profile = ProfileCatalog.Load(
            _profile is not null && ProfileCatalog.Ids.Contains(_profile, StringComparer.Ordinal)
                ? _profile
                : ProfileCatalog.DefaultId);
        return profile.HasClause(id) ? Citation.Of(profile.GetClause(id)) : id;
    }
}
