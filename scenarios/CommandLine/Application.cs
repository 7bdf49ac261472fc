using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.CommandLine.Verbs;

namespace Harness.Scenarios.CommandLine;

/// <summary>
/// The process edge: parses, runs one verb, and turns every outcome into an exit code. Nothing above it catches what it
/// does not understand.
/// </summary>
public static class Application
{
    private const string What =
        "Harness is a reference backup engine and a storage simulator to prove it in. It protects a directory, or a simulated "
        + "volume, to an Azure blob vault under the published Azure Backup rules: which files are protected, which are skipped "
        + "and by which clause, how big the local cache must be, what an incremental may cost. Start with 'harness run' "
        + "(every scenario), 'harness matrix' (the rules), or 'harness backup' (your own directory).";

    private static readonly string[] RootExamples =
    [
        "harness run",
        "harness explain --traits encrypted,sparse",
        "harness backup ./documents --vault dir:./vault --passphrase-file secret.txt",
        "harness restore --vault dir:./vault --target ./restored --passphrase-file secret.txt",
        "harness backup --help",
    ];

    /// <summary>Runs the command line of this process.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var terminal = Terminal.OfProcess();
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Cancel(signal, cancellation));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Cancel(signal, cancellation));
        return await RunAsync(args, terminal, cancellation.Token);
    }

    /// <summary>Runs a command line against any terminal.</summary>
    internal static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        var parse = CreateRoot(terminal).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0)
        {
            return UsageError.Print(parse, args, terminal);
        }

        var errors = new ErrorPrinter(terminal, parse);
        if (args.Contains("", StringComparer.Ordinal))
        {
            return errors.Print(new BackupException(
                ErrorCode.ArgumentInvalid, "One of the arguments is empty.", "Check the variables that it was made of."));
        }

        try
        {
            return await parse.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                    Output = terminal.Out,
                    Error = terminal.Error,
                },
                cancellationToken);
        }
        catch (BackupException error)
        {
            return errors.Print(error);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return errors.PrintCancelled();
        }
#pragma warning disable CA1031 // The edge of the process: whatever comes here ends as exit code 1 and one clear line.
        catch (Exception error)
        {
            return errors.PrintUnexpected(error);
        }
#pragma warning restore CA1031
    }

    /// <summary>The whole command tree.</summary>
    internal static RootCommand CreateRoot(Terminal terminal)
    {
        var root = new RootCommand(What) { SharedOptions.Verbose };
        Verb[] verbs =
        [
            new RunVerb(terminal),
            new MatrixVerb(terminal),
            new ExplainVerb(terminal),
            new BackupVerb(terminal),
            new RecoveryPointsVerb(terminal),
            new RestoreVerb(terminal),
            new VerifyVerb(terminal),
            new CheckVerb(terminal),
            new RepairVerb(terminal),
            new RetentionVerb(terminal),
            new ForgetVerb(terminal),
            new UndeleteVerb(terminal),
            new PruneVerb(terminal),
            new VolumeVerb(terminal),
            new LintVerb(terminal),
            new SchemaVerb(terminal),
            new AzuriteVerb(terminal),
        ];
        foreach (var verb in verbs)
        {
            root.Add(verb);
        }

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new TeachingHelp((HelpAction)help.Action!, RootExamples);
        return root;
    }

    private static void Cancel(PosixSignalContext signal, CancellationTokenSource cancellation)
    {
        // The first signal asks the run to end cleanly, a second one ends the process as the system does.
        if (!cancellation.IsCancellationRequested)
        {
            signal.Cancel = true;
            cancellation.Cancel();
        }
    }
}
