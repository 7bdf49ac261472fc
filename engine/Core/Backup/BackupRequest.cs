using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.Rules;

namespace Harness.Engine.Backup;

/// <summary>One backup to run.</summary>
public sealed record BackupRequest
{
    /// <summary>What to protect.</summary>
    public required IDataSource Source { get; init; }

    /// <summary>Where to; a repository is created in it when it holds none.</summary>
    public required IVault Vault { get; init; }

    /// <summary>The local cache.</summary>
    public required IScratch Scratch { get; init; }

    /// <summary>The rules.</summary>
    public required RuleProfile Profile { get; init; }

    /// <summary>Opens the vault.</summary>
    public required Passphrase Passphrase { get; init; }

    /// <summary>The opening of <see cref="Vault"/>, where it was begun already; null begins it with the run.</summary>
    public VaultOpening? Opening { get; init; }

    /// <summary>Name of the data source in the vault; null takes the source's own.</summary>
    public string? SourceName { get; init; }

    /// <summary>Protects a case-sensitive source all the same, with a warning.</summary>
    public bool AllowCaseSensitive { get; init; }

    /// <summary>A schedule asks for the run, so that it counts against the backups a day of the rules.</summary>
    public bool IsScheduled { get; init; }

    /// <summary>Operating system of the source, which the rules give different sizes for.</summary>
    public ProtectedSystem System { get; init; } = ProtectedSystem.WindowsServer2012;

    /// <summary>Kind of the source, which the rules measure differently.</summary>
    public Workload Workload { get; init; } = Workload.Volume;

    /// <summary>Looks at every entry, whatever the source says has changed.</summary>
    public bool ForceScan { get; init; }

    /// <summary>Stops after preflight, classification and estimate: nothing is written anywhere.</summary>
    public bool DryRun { get; init; }

    /// <summary>How the run goes about it; none of it changes what the recovery point holds.</summary>
    public BackupOptions Options { get; init; } = new();

    /// <summary>Told what a run that fails or is cancelled has cost; its error is thrown afterwards.</summary>
    public Action<FailedRun>? OnFailed { get; init; }

    /// <summary>Parameters of a repository that has to be created.</summary>
    public RepositoryParameters NewRepository { get; init; } = new();
}
