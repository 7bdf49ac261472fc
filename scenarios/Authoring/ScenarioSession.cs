using System.Collections.Concurrent;
using Harness.Scenarios.Running;
using Harness.Scenarios.Vaults;

namespace Harness.Scenarios.Authoring;

/// <summary>
/// Runs cells for a test framework, each on a fresh vault; Azurite is started by the first cell that needs it and stopped with
/// this object. Safe for concurrent calls.
/// </summary>
public sealed class ScenarioSession : IAsyncDisposable
{
    private readonly VaultOpener _opener = new(Environment.GetEnvironmentVariable);
    private readonly ConcurrentDictionary<string, Lazy<Task<IVaultProvider>>> _providers = new(StringComparer.Ordinal);
    private readonly TimedCell _timed;

    /// <summary>Makes a session.</summary>
    /// <param name="seed">Seed in place of the scenarios' own, or null.</param>
    public ScenarioSession(long? seed = null) =>
        _timed = new TimedCell(new CellRunner(), new ResultBuilder(new RunOptions { Seed = seed }, CommitFinder.Find(), shard: null));

    /// <summary>
    /// Runs a cell. What is otherwise than expected is in the result, also a cell that did not end; VaultNameInvalid and the
    /// errors of starting Azurite are thrown.
    /// </summary>
    public async Task<CellResult> RunAsync(PlannedCell cell, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var provider = await _providers
            .GetOrAdd(cell.Vault, vault => new Lazy<Task<IVaultProvider>>(() => StartAsync(vault)))
            .Value.WaitAsync(cancellationToken);
        var result = await _timed.RunAsync(cell, provider, cancellationToken);
        return result with { Repro = $"The test of '{cell.Cell.Id}' in {cell.Scenario.File}, seed {result.Seed}" };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _opener.DisposeAsync();

    private async Task<IVaultProvider> StartAsync(string vault)
    {
        var provider = new OpenerVaultProvider(vault, _opener);
        await provider.StartAsync(CancellationToken.None);
        return provider;
    }
}
