using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.State;
using Harness.Engine.Tables;

namespace Harness.Engine.Restore;

/// <summary>
/// A recovery point opened to be read: its state and its paths in tables of a temporary scratch location, which goes with it. One
/// logical thread.
/// </summary>
internal sealed class OpenedPoint : IAsyncDisposable
{
    private readonly PathTable _paths;

    private OpenedPoint(
        Repository repository, Commit commit, TemporaryScratch scratch, SourceState state, PathTree tree, PathTable paths, RestoreSelection selection)
    {
        (Repository, Commit, Scratch, State, Tree, Selection) = (repository, commit, scratch, state, tree, selection);
        _paths = paths;
    }

    public Repository Repository { get; }

    public Commit Commit { get; }

    /// <summary>Room for what else is to be sorted.</summary>
    public TemporaryScratch Scratch { get; }

    public SourceState State { get; }

    public PathTree Tree { get; }

    /// <summary>The entries that were asked for.</summary>
    public RestoreSelection Selection { get; }

    /// <summary>Opens the vault and reads the recovery point.</summary>
    /// <param name="services">What the job runs on.</param>
    /// <param name="vault">The vault.</param>
    /// <param name="passphrase">Opens it.</param>
    /// <param name="source">Name of the source, null for the only one; number of the recovery point, null for the latest.</param>
    /// <param name="paths">Paths that are asked for; none is all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<OpenedPoint> OpenAsync(
        EngineServices services,
        IVault vault,
        Passphrase passphrase,
        (string? Name, long? Point) source,
        IReadOnlyList<string> paths,
        CancellationToken cancellationToken)
    {
        services.Progress.Phase("Opening the vault...");
        var repository = await RepositoryOpener.OpenAsync(vault, passphrase, cancellationToken);
        var log = new CommitLog(repository);
        var commit = await log.FindAsync(source.Name, source.Point, cancellationToken);
        services.Progress.Phase("Reading the recovery point...");
        var scratch = new TemporaryScratch(services.WorkLocation, services.Random, services.WorkMemoryBytes);
        SourceState? state = null;
        PathTable? table = null;
        try
        {
            state = await new StateReader(repository, log, scratch, services.Random).ReadAsync(commit, cancellationToken);
            var tree = await PathTree.OfAsync(state, cancellationToken);
            table = await PathTable.BuildAsync(state, tree, scratch, repository.Keys, services.Random, cancellationToken);
            var selection = await RestoreSelection.OfAsync(table, paths, cancellationToken);
            return new OpenedPoint(repository, commit, scratch, state, tree, table, selection);
        }
        catch
        {
            table?.Dispose();
            state?.Dispose();
            await scratch.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _paths.Dispose();
        State.Dispose();
        await Scratch.DisposeAsync();
    }
}
