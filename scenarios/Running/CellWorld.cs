using System.Security.Cryptography;
using System.Text;
using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.RecoveryPoints;
using Harness.Engine.Rules;
using Harness.Scenarios.Model;
using Harness.Simulator.Kernel;

namespace Harness.Scenarios.Running;

/// <summary>Everything that one cell runs in. One logical thread.</summary>
internal sealed class CellWorld : IAsyncDisposable
{
    /// <summary>The passphrase of a scenario that names none.</summary>
    public const string DefaultPassphrase = "scenario passphrase 2018";

    /// <summary>A vault of a scenario holds nothing secret, and the catalogue opens hundreds of them.</summary>
    private const int KdfIterations = 1_000;

    /// <summary>Time between two steps, so that no two changes carry one time.</summary>
    private static readonly TimeSpan BetweenSteps = TimeSpan.FromHours(1);

    private readonly SimClock _clock = new();
    private readonly TracingVault? _trace;

    public CellWorld(PlannedCell cell, IVault vault, long seed, SourceKind source)
    {
        var document = cell.Cell.Document;
        _trace = vault as TracingVault;
        Vault = new CellVault(vault);
        Profile = ProfileCatalog.Load(document.Profile);
        var cellSeed = Derive(seed, cell.Cell.Id);
        Services = new EngineServices(_clock, new SeededRandomSource(cellSeed), new InlineWorkPool(), new NoProgress());
        var recipes = document.Volume is { } only
            ? [new KeyValuePair<string, RawYaml>("volume", only)]
            : document.Volumes.ToList();
        Sources = recipes.ConvertAll(pair => new SourceState(
            pair.Key, new VolumeUnderTest(pair.Value, $"{cell.Scenario.File} ({pair.Key})", cellSeed, _clock), source));
    }

    /// <summary>The vault.</summary>
    public CellVault Vault { get; }

    /// <summary>The rules.</summary>
    public RuleProfile Profile { get; }

    /// <summary>Clock, randomness and work of the engine.</summary>
    public EngineServices Services { get; }

    /// <summary>The protected volumes.</summary>
    public IReadOnlyList<SourceState> Sources { get; }

    /// <summary>Parameters of the vault's repository.</summary>
    public RepositoryParameters NewRepository { get; } = new() { KdfIterations = KdfIterations };

    /// <summary>The clock, for volumes that a restore makes.</summary>
    public TimeProvider Clock => _clock;

    /// <summary>A source by name; the only one when there is no name.</summary>
    public SourceState Source(string? name) => name is null ? Sources[0] : Sources.First(s => s.Name == name);

    /// <summary>Notes the beginning of a step in the trace of the cell, where it has one.</summary>
    public void Note(string step) => _trace?.Note($"-- {step}");

    /// <summary>Lets time pass.</summary>
    public void Advance() => _clock.Advance(BetweenSteps);

    /// <summary>Lets more time pass.</summary>
    public void Advance(TimeSpan by) => _clock.Advance(by);

    /// <summary>The recovery points in the vault; empty when it holds no repository.</summary>
    public async ValueTask<IReadOnlyList<RecoveryPointInfo>> ListPointsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var reader = new RecoveryPointReader(Services);
            return (await reader.ListAsync(Vault.Sound, new Passphrase(DefaultPassphrase), scratchOf: null, cancellationToken)).Points;
        }
        catch (BackupException error) when (error.Code == ErrorCode.VaultEmpty)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var source in Sources)
        {
            await source.DisposeAsync();
        }
    }

    /// <summary>A seed of its own for each cell, the same on every vault.</summary>
    private static ulong Derive(long seed, string cell) =>
        BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{cell}")));
}
