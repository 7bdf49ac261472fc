using Harness.Engine.Backup;
using Harness.Engine.Check;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;
using Harness.Engine.Retention;
using Harness.Engine.Segments;
using Harness.Engine.Tables;

namespace Harness.Engine.Repair;

/// <summary>
/// Mends what of a vault can be mended from the vault itself, and never lowers what can be restored: index blobs from the
/// footers of packs, the record of removals from what is there. Packs that are damaged are marked, so that writers send
/// their segments again. May be cut off at any point and run again.
/// </summary>
public sealed class RepairJob(EngineServices services)
{
    /// <summary>Repairs and reports; CommitConflict when a prune ended meanwhile: then run again.</summary>
    public async ValueTask<RepairReport> RunAsync(RepairRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        services.Progress.Phase("Opening the vault...");
        var repository = await RepositoryOpener.OpenAsync(request.Vault, request.Passphrase, cancellationToken);
        var (gc, rebuilt) = await ReadGcAsync(repository, cancellationToken);

        services.Progress.Phase("Reading indexes...");
        var findings = new Findings();
        await using var scratch = new TemporaryScratch(services.WorkLocation, services.Random, services.WorkMemoryBytes);
        using var packs = await new PackCheck(services, repository, scratch, findings).RunAsync(
            new CheckRequest { Vault = request.Vault, Passphrase = request.Passphrase, ReadData = request.ReadData }, cancellationToken);
        var found = findings.ToList();
        List<string> lost = [.. found.Where(item => item.Blob.StartsWith(BlobNames.Indexes, StringComparison.Ordinal)).Select(item => item.Blob)];
        List<string> damaged = [.. found.Where(item => item.Blob.StartsWith(BlobNames.Packs, StringComparison.Ordinal)).Select(item => item.Blob)];

        services.Progress.Phase("Reading packs that no index names...");
        var indexed = packs.Indexed.Select(BlobNames.Pack).ToHashSet(StringComparer.Ordinal);
        var (reindexed, unreadable) = await ReindexAsync(
            repository, [.. packs.Present.Where(name => !indexed.Contains(name)).Order(StringComparer.Ordinal)], request.DryRun, cancellationToken);

        var next = gc with
        {
            Sequence = gc.Sequence + 1,
            WrittenAt = services.Clock.GetUtcNow(),
            Damaged = [.. gc.Damaged.Union(damaged.Select(HashOf)).Order(StringComparer.Ordinal)],
        };
        if (!request.DryRun
            && (rebuilt || next.Damaged.Count > gc.Damaged.Count))
        {
            await new GcLog(repository).WriteAsync(next, services.Random, cancellationToken);
        }

        foreach (var name in request.DryRun ? [] : lost)
        {
            await repository.Vault.DeleteAsync(name, cancellationToken);
        }

        var after = await new CheckJob(services).RunAsync(
            new CheckRequest { Vault = request.Vault, Passphrase = request.Passphrase, ReadData = request.ReadData }, cancellationToken);
        return new RepairReport(reindexed, lost, damaged, unreadable, rebuilt, after.Findings, after.LostRecoveryPoints, after.LostFiles);
    }

    private static string HashOf(string name) => name[(name.LastIndexOf('/') + 1)..];

    private async ValueTask<(GcDocument Gc, bool Rebuilt)> ReadGcAsync(Repository repository, CancellationToken cancellationToken)
    {
        var log = new GcLog(repository);
        try
        {
            var newest = await log.ReadNewestAsync(cancellationToken);
            if (newest.Sequence > 0)
            {
                return (newest, false);
            }

            // No record, and yet numbers are missing: it was there once.
            var gone = await GoneAsync(repository, ofMarkers: false, cancellationToken);
            return (newest with { Gone = gone }, gone.Count > 0);
        }
        catch (BackupException error) when (error.Code == ErrorCode.VaultBlobDamaged)
        {
            var number = await log.NewestNumberAsync(cancellationToken);
            return (GcDocument.None with { Sequence = number, Gone = await GoneAsync(repository, ofMarkers: true, cancellationToken) }, true);
        }
    }

    /// <summary>What must be taken as gone when the record is lost: numbers without a commit, and what is forgotten long enough.</summary>
    private async ValueTask<IReadOnlyDictionary<string, IReadOnlyList<long[]>>> GoneAsync(
        Repository repository, bool ofMarkers, CancellationToken cancellationToken)
    {
        var gone = new Dictionary<string, IReadOnlyList<long[]>>();
        var deleted = new DeletedLog(repository);
        var markers = await deleted.ListAllAsync(cancellationToken);
        foreach (var (sourceId, present) in await new CommitLog(repository).ListAllAsync(cancellationToken))
        {
            var numbers = Enumerable.Range(1, (int)present[^1]).Select(number => (long)number).Except(present).ToHashSet();
            var marked = markers.GetValueOrDefault(sourceId, SourceMarkers.None);
            foreach (var number in ofMarkers ? marked.Forgotten : [])
            {
                if (number != present[^1]
                    && await deleted.IsOverAsync(sourceId, number, marked, services.Clock.GetUtcNow(), cancellationToken))
                {
                    numbers.Add(number);
                }
            }

            if (numbers.Count > 0)
            {
                gone[sourceId] = GcDocument.RangesOf(numbers);
            }
        }

        return gone;
    }

    private async ValueTask<(IReadOnlyList<string> Reindexed, IReadOnlyList<string> Unreadable)> ReindexAsync(
        Repository repository, IReadOnlyList<string> names, bool dryRun, CancellationToken cancellationToken)
    {
        var packs = new List<IndexedPack>();
        var unreadable = new List<string>();
        foreach (var name in names)
        {
            var blob = new VaultBlob(name, await repository.Vault.GetLengthAsync(name, cancellationToken) ?? 0);
            if (await PackFooter.TryReadAsync(repository, blob, cancellationToken) is { } pack)
            {
                packs.Add(pack);
            }
            else
            {
                unreadable.Add(name);
            }
        }

        if (!dryRun)
        {
            await new IndexWriter(repository, services.Random, index: null).WriteAsync(packs, cancellationToken);
        }

        return ([.. packs.Select(pack => BlobNames.Pack(pack.Hash))], unreadable);
    }
}
