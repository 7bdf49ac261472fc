using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Repositories;

namespace Harness.Engine.Restore;

/// <summary>Runs one restore.</summary>
public sealed class RestoreJob(EngineServices services)
{
    /// <summary>
    /// Restores and reports. Refusals throw <see cref="BackupException"/>; a file whose data is damaged is reported as failed and
    /// the others are restored.
    /// </summary>
    public async ValueTask<RestoreReport> RunAsync(RestoreRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var before = request.Vault.Traffic;
        services.Progress.Phase("Opening the vault...");
        var repository = await RepositoryOpener.OpenAsync(request.Vault, request.Passphrase, cancellationToken);
        var log = new CommitLog(repository);
        var commit = await log.FindAsync(request.SourceName, request.RecoveryPoint, cancellationToken);
        services.Progress.Phase("Reading the recovery point...");
        var state = await new StateReader(repository, log).ReadAsync(commit, cancellationToken);
        var tree = PathTree.Of(state);
        var entries = Select(state, tree, request.Path);

        if (await request.Target.PrepareAsync(cancellationToken) && request.OnCollision is null)
        {
            throw new BackupException(
                ErrorCode.TargetNotEmpty,
                $"The restore target {request.Target.DisplayName} is not empty.",
                "Give an empty or new directory, or say with --on-collision what to do with files that exist.");
        }

        services.Progress.Phase("Restoring data...");
        var index = await new IndexReader(repository, scratch: null).ReadAllAsync(cancellationToken);
        using var run = new RestoreRun(services, request, repository, index, state);
        await run.RunAsync(entries, cancellationToken);
        return run.Report(commit, tree, request.Vault.Traffic.Since(before));
    }

    /// <summary>The entries at or below a path, and the directories above it.</summary>
    private static List<RestoreItem> Select(RecordState state, PathTree tree, string? path)
    {
        var wanted = (path ?? "").Replace('\\', '/').Trim('/');
        var items = new List<RestoreItem>();
        var found = wanted.Length == 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in state.Entries())
        {
            var at = tree.PathOf(entry);
            if (!seen.Add(at))
            {
                throw new BackupException(
                    ErrorCode.VaultBlobDamaged, $"The recovery point holds '{at}' twice.", "Restore another recovery point.");
            }

            var isWanted = wanted.Length == 0 || at == wanted || at.StartsWith(wanted + "/", StringComparison.Ordinal);
            var isAbove = at.Length == 0 || wanted.StartsWith(at + "/", StringComparison.Ordinal);
            found |= at == wanted;
            if (isWanted || (isAbove && entry.Kind == EntryKind.Directory))
            {
                items.Add(new RestoreItem(at, entry));
            }
        }

        return found
            ? items
            : throw new BackupException(
                ErrorCode.PathNotInRecoveryPoint,
                $"The recovery point does not hold '{wanted}'.",
                "Give a path relative to the protected folder, with '/', in the case it was protected with.");
    }
}

/// <summary>One entry and where it belongs.</summary>
internal readonly record struct RestoreItem(string Path, EntryRecord Entry);
