using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
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

    private static readonly (string Name, Func<Terminal, Verb> Create)[] Verbs =
    [
        ("run", static terminal => new RunVerb(terminal)),
        ("matrix", static terminal => new MatrixVerb(terminal)),
        ("explain", static terminal => new ExplainVerb(terminal)),
        ("server", static terminal => new ServerVerb(terminal)),
        ("backup", static terminal => new BackupVerb(terminal)),
        ("recovery-points", static terminal => new RecoveryPointsVerb(terminal)),
        ("restore", static terminal => new RestoreVerb(terminal)),
        ("verify", static terminal => new VerifyVerb(terminal)),
        ("check", static terminal => new CheckVerb(terminal)),
        ("repair", static terminal => new RepairVerb(terminal)),
        ("retention", static terminal => new RetentionVerb(terminal)),
        ("forget", static terminal => new ForgetVerb(terminal)),
        ("undelete", static terminal => new UndeleteVerb(terminal)),
        ("prune", static terminal => new PruneVerb(terminal)),
        ("volume", static terminal => new VolumeVerb(terminal)),
        ("swarm", static terminal => new SwarmVerb(terminal)),
        ("repro", static terminal => new ReproVerb(terminal)),
        ("soak", static terminal => new SoakVerb(terminal)),
        ("report", static terminal => new ReportVerb(terminal)),
        ("lint", static terminal => new LintVerb(terminal)),
        ("new", static terminal => new NewVerb(terminal)),
        ("docs", static terminal => new DocsVerb(terminal)),
        ("schema", static terminal => new SchemaVerb(terminal)),
        ("azurite", static terminal => new AzuriteVerb(terminal)),
    ];

    /// <summary>Runs the command line of this process.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        // The library behind it takes a while to get ready, which it may do while the command line is read.
        _ = ThreadPool.UnsafeQueueUserWorkItem(static _ => SHA256.HashData([]), null);
        var terminal = Terminal.OfProcess();
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Cancel(signal, cancellation));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Cancel(signal, cancellation));
        return await RunAsync(args, terminal, cancellation.Token);
    }

    /// <summary>Runs a command line against any terminal.</summary>
    internal static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        var parse = CreateRoot(terminal, args.FirstOrDefault()).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
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
        catch (OutOfMemoryException error)
        {
            return errors.Print(new BackupException(
                ErrorCode.MemoryShort,
                "There is too little memory for this process; it has ended where it was.",
                "Earlier recovery points are intact. Give it more memory, or less to do at once with --workers 1 and --uploads 1; a backup goes on where it was.",
                inner: error));
        }
#pragma warning disable CA1031 // The edge of the process: whatever comes here ends as exit code 1 and one clear line.
        catch (Exception error)
        {
            return errors.PrintUnexpected(error);
        }
#pragma warning restore CA1031
    }

    /// <summary>The command tree; only of one verb when that is named, since each costs start-up time, and else the whole.</summary>
    internal static RootCommand CreateRoot(Terminal terminal, string? only = null)
    {
        var root = new RootCommand(What) { SharedOptions.Verbose };
        var chosen = Array.FindAll(Verbs, verb => verb.Name == only);
        foreach (var (_, create) in chosen.Length > 0 ? chosen : Verbs)
        {
            root.Add(create(terminal));
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
