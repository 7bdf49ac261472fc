using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;

namespace Harness.Engine.Backup;

/// <summary>
/// Ends a run: index, then manifests, then the one commit blob that makes the recovery point. Logical thread only.
/// </summary>
internal sealed class Committer(BackupContext context, string sourceName, string sourceId)
{
    private const int ShortChain = 16;
    private const int LongChain = 256;

    /// <summary>Whether more than the commit blob is written.</summary>
    public bool WritesRecords => context.Writer.HasPacks || context.Changes.DeltaBytes > 0 || ChainOf(Sequence).IsCheckpoint;

    private Repository Repository => context.Repository;

    private long Sequence => (context.Parent?.Document.Sequence ?? 0) + 1;

    /// <summary>Commits the new state.</summary>
    /// <param name="totals">What it protects.</param>
    /// <param name="mode">Full or incremental.</param>
    /// <param name="changedBytes">Bytes of changed pages.</param>
    /// <param name="cancellationToken">Ends it before the commit blob.</param>
    public async ValueTask<Commit> CommitAsync(
        ProtectedTotals totals,
        BackupMode mode,
        long changedBytes,
        CancellationToken cancellationToken)
    {
        var sequence = Sequence;
        var chain = ChainOf(sequence);
        var indexes = await context.Writer.WriteIndexesAsync(cancellationToken);
        var records = chain.IsCheckpoint ? context.Changes.NewStateAsync() : context.Changes.DeltaAsync();
        var manifests = await new ManifestWriter(Repository, context.Services.Random, sourceId).WriteAsync(records, cancellationToken);
        var document = new CommitDocument
        {
            Version = FormatLimits.Version,
            Source = sourceName,
            Sequence = sequence,
            Parent = context.Parent?.Hash.ToString(),
            TakenAt = context.Snapshot.TakenAt,
            CommittedAt = context.Services.Clock.GetUtcNow(),
            Profile = context.Profile.Id,
            Preserve = context.Profile.PreserveText,
            Mode = mode,
            Consistency = context.Snapshot.Consistency,
            Checkpoint = chain.IsCheckpoint,
            ChainStart = chain.Start,
            ChainBytes = chain.Bytes,
            Manifests = manifests,
            Indexes = indexes,
            Cursor = context.Snapshot.Changes?.Cursor,
            Protected = totals,
            ChangedBytes = changedBytes,
            Skipped = context.Findings.Skipped.Count,
            Failed = context.Findings.Failed.Count,
            Engine = typeof(Committer).Assembly.GetName().Version?.ToString(3) ?? "0",
        };
        return await CreateAsync(document, cancellationToken);
    }

    private async ValueTask<Commit> CreateAsync(CommitDocument document, CancellationToken cancellationToken)
    {
        var name = BlobNames.Commit(sourceId, document.Sequence);
        var blob = Repository.Seal(
            SealedType.Commit, CommitDocument.Context(sourceId, document.Sequence), document.Encode(), context.Services.Random);
        if (!await Repository.Vault.CreateAsync(name, blob, cancellationToken))
        {
            // It may be our own, acknowledged on the second try only.
            var existing = await Repository.Vault.ReadAsync(name, FormatLimits.SealedBlobBytes, cancellationToken);
            if (!existing.AsSpan().SequenceEqual(blob))
            {
                throw new BackupException(
                    ErrorCode.CommitConflict,
                    $"Another run committed recovery point {document.Sequence} of '{sourceName}' meanwhile.",
                    "Run again; data that was sent already is not sent twice.");
            }
        }

        return new Commit(sourceId, document, Hash256.Of(blob));
    }

    /// <summary>
    /// A chain of deltas ends in a checkpoint when it is long and its deltas together are worth an eighth of the whole state;
    /// runs that change nothing must not cost a whole manifest every so often. A very long chain ends in any case.
    /// </summary>
    private (bool IsCheckpoint, long Start, long Bytes) ChainOf(long sequence)
    {
        if (context.Parent?.Document is not { } parent)
        {
            return (true, sequence, 0);
        }

        var bytes = parent.ChainBytes + context.Changes.DeltaBytes;
        var links = sequence - parent.ChainStart;
        return links >= LongChain || (links >= ShortChain && bytes >= context.Previous.RecordBytes / 8)
            ? (true, sequence, 0)
            : (false, parent.ChainStart, bytes);
    }
}
