using System.CommandLine;
using Harness.Engine.Restore;
using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.CommandLine.Reports;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Restores a recovery point, or a part of it.</summary>
internal sealed class RestoreVerb : Verb
{
    private readonly Option<string> _target = new("--target")
    {
        Description = "Directory to restore into; created when it is not there.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<string?> _onCollision = new("--on-collision")
    {
        Description = "What to do where a file is already there; without it a target that is not empty is refused. 'overwrite' "
            + "fetches only the ranges of such a file that differ.",
        HelpName = "create-copy|skip|overwrite",
    };

    public RestoreVerb(Terminal terminal)
        : base(
            terminal,
            "restore",
            "Restore a recovery point, or some paths of it, to a directory: data, holes, streams, attributes and times. What the "
            + "recovery point had skipped stays listed, so that nothing is missed in silence.",
            "harness restore --vault dir:./vault --target ./restored --passphrase-file secret.txt",
            "harness restore --vault dir:./vault --recovery-point 3 --path reports/2018 --path notes.txt --target ./restored",
            "harness restore --vault dir:./vault --target ./documents --on-collision overwrite")
    {
        _onCollision.AcceptOnlyFromAmong("create-copy", "skip", "overwrite");
        Add(SharedOptions.Vault);
        Add(SharedOptions.Name);
        Add(RecoveryPointOption.Point);
        Add(RecoveryPointOption.Paths);
        Add(_target);
        Add(_onCollision);
        LimitOptions.AddTo(this);
        Add(ConcurrencyOptions.Workers);
        Add(ConcurrencyOptions.Writers);
        Add(SharedOptions.PassphraseFile);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var vaultName = new VaultName(parse.GetRequiredValue(SharedOptions.Vault));
        var target = parse.GetRequiredValue(_target);
        if (vaultName.Directory is { } directory)
        {
            PathGuards.RequireApart("vault", directory, "restore target", target);
        }

        await using var existing = await ExistingVault.OpenAsync(parse, Terminal, cancellationToken);
        var options = ConcurrencyOptions.Restore(parse);
        using var place = TargetFactory.Open(target, options.WritersAtOnce);
        var request = new RestoreRequest
        {
            Vault = LimitOptions.Apply(parse, existing.Vault),
            Passphrase = existing.Passphrase,
            Target = place,
            SourceName = parse.GetValue(SharedOptions.Name),
            RecoveryPoint = parse.GetValue(RecoveryPointOption.Point),
            Paths = parse.GetValue(RecoveryPointOption.Paths) ?? [],
            OnCollision = Collision(parse.GetValue(_onCollision)),
            Options = options,
        };
        var report = await ProgressDisplay.RunAsync(
            Terminal,
            async progress => await new RestoreJob(EngineFactory.Create(progress, parse.GetValue(ConcurrencyOptions.Workers))).RunAsync(request, cancellationToken));
        if (parse.GetValue(SharedOptions.Json))
        {
            DocumentContext.Write(Terminal.Out, RestoreDocument.Of(report), c => c.RestoreDocument);
        }
        else
        {
            RestoreText.Write(Terminal.Out, report, ProfileCatalog.Load(ProfileCatalog.DefaultId));
        }

        return report.Failed.Count == 0 ? ExitCodes.Ok : ExitCodes.Incomplete;
    }

    private static CollisionPolicy? Collision(string? text) => text switch
    {
        null => null,
        "create-copy" => CollisionPolicy.CreateCopy,
        "skip" => CollisionPolicy.Skip,
        _ => CollisionPolicy.Overwrite,
    };
}
