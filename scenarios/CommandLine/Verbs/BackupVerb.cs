using System.CommandLine;
using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.CommandLine.Reports;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Protects a directory or a simulated volume.</summary>
internal sealed class BackupVerb : Verb
{
    private readonly Argument<string> _source = new("SOURCE")
    {
        Description = "A directory, or recipe:FILE for a simulated volume; recipe:FILE@EDIT[,EDIT...] applies the recipe's named edits "
            + "first, in order.",
    };

    private readonly Option<string?> _scratch = new("--scratch")
    {
        Description = "Directory of the local cache (default: one for each vault and source under the user's cache directory).",
        HelpName = "DIR",
    };

    private readonly Option<bool> _allowCaseSensitive = new("--allow-case-sensitive")
    {
        Description = "Protect a source on a case-sensitive file system all the same, with a warning.",
    };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Stop after the estimate: nothing is written anywhere.",
    };

    private readonly Option<bool> _scheduled = new("--scheduled")
    {
        Description = "A schedule runs this: refuse it when the rules allow no further backup of the day.",
    };

    private readonly Option<bool> _fullScan = new("--full-scan")
    {
        Description = "Look at every entry, whatever the source says has changed.",
    };

    private readonly Option<FileInfo?> _failedFiles = new("--failed-files")
    {
        Description = "Write what could not be protected to a text file, a line each: path, reason, message, parted by tabs. A run that "
            + "fails has a last line without a path for itself.",
        HelpName = "FILE",
    };

    public BackupVerb(Terminal terminal)
        : base(
            terminal,
            "backup",
            "Protect a directory or a simulated volume. The first run of a source is full, later ones send only what changed. What the "
            + "rules skip is listed with its clause and is no error; what they protect but cannot be read gives exit code 3.",
            "harness backup ./documents --vault dir:./vault --passphrase-file secret.txt --allow-case-sensitive",
            "harness backup recipe:office.yaml --vault dir:./vault --passphrase-file secret.txt",
            "harness backup ./documents --vault http://127.0.0.1:10000/devstoreaccount1/docs --dry-run --json")
    {
        Add(_source);
        Add(SharedOptions.Vault);
        Add(SharedOptions.Name);
        Add(SharedOptions.Profile);
        Add(_scratch);
        Add(SharedOptions.PassphraseFile);
        Add(_allowCaseSensitive);
        Add(PreserveOption.Preserve);
        Add(_dryRun);
        Add(_fullScan);
        Add(_scheduled);
        Add(_failedFiles);
        LimitOptions.AddTo(this);
        Add(ConcurrencyOptions.Uploads);
        Add(ConcurrencyOptions.Workers);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var vaultName = new VaultName(parse.GetRequiredValue(SharedOptions.Vault));
        var sourceText = parse.GetRequiredValue(_source);
        var passphrase = await PassphraseReader.ReadAsync(
            parse.GetValue(SharedOptions.PassphraseFile), Terminal, cancellationToken);
        var source = SourceFactory.Open(sourceText, vaultName, parse.GetValue(_scratch));
        await using var lease = await VaultLease.OpenAsync(vaultName, VaultUse.New, Terminal, cancellationToken);
        var vault = LimitOptions.Apply(parse, lease.Vault);
        var services = EngineFactory.Create(new NoProgress(), parse.GetValue(ConcurrencyOptions.Workers));

        var sourceName = parse.GetValue(SharedOptions.Name) ?? source.DefaultName;
        using var scratch = ScratchLease.Open(parse.GetValue(_scratch), vaultName, sourceName);

        // The key is derived on another processor; all that follows goes on beside it.
        await using var opening = await VaultOpening.BeginAsync(vault, passphrase, services.Work, scratch.Scratch, cancellationToken);
        var profile = ProfileCatalog.Load(parse.GetValue(SharedOptions.Profile) ?? ProfileCatalog.DefaultId);
        var request = new BackupRequest
        {
            Source = source,
            Vault = vault,
            Scratch = scratch.Scratch,
            Profile = profile.Preserving(parse.GetValue(PreserveOption.Preserve)),
            Passphrase = passphrase,
            Opening = opening,
            SourceName = sourceName,
            AllowCaseSensitive = parse.GetValue(_allowCaseSensitive),
            DryRun = parse.GetValue(_dryRun),
            ForceScan = parse.GetValue(_fullScan),
            IsScheduled = parse.GetValue(_scheduled),
            Options = ConcurrencyOptions.Backup(parse),
        };
        BackupReport report;
        FailedRun? failed = null;
        try
        {
            var told = request with { OnFailed = run => failed = run };
            report = await ProgressDisplay.RunAsync(
                Terminal,
                async progress => await new BackupJob(services with { Progress = progress })
                    .RunAsync(told, cancellationToken));
        }
        catch (BackupException error)
        {
            return await FailAsync(parse, error, failed);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await FailAsync(parse, ErrorPrinter.Cancelled(), failed);
        }

        if (parse.GetValue(_failedFiles) is { } list)
        {
            await FailedFilesList.WriteAsync(list, report, cancellationToken);
        }

        if (parse.GetValue(SharedOptions.Json))
        {
            BackupDocumentWriter.Write(Terminal.Out, BackupDocument.Of(report));
        }
        else
        {
            BackupText.Write(Terminal.Out, report, profile, lease.Vault.DisplayName);
        }

        return report.Failed.Count == 0 ? ExitCodes.Ok : ExitCodes.Incomplete;
    }

    private async Task<int> FailAsync(ParseResult parse, BackupException error, FailedRun? run)
    {
        var exit = new ErrorPrinter(Terminal, parse).Print(error, run);
        if (parse.GetValue(_failedFiles) is { } list)
        {
            try
            {
                await FailedFilesList.WriteAsync(list, run, error.Code, error.Message);
            }
            catch (BackupException second)
            {
                // The run's own error decides; this one is told beside it.
                await Terminal.Error.WriteLineAsync($"warning: {second.Message}");
            }
        }

        return exit;
    }
}
