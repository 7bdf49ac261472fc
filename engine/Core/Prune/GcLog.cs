using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.Prune;

/// <summary>Reads and writes gc blobs (FORMAT.md section 13).</summary>
internal sealed class GcLog(Repository repository)
{
    private const int Tries = 8;

    /// <summary>Number of the newest gc blob; 0 when there is none.</summary>
    public async ValueTask<long> NewestNumberAsync(CancellationToken cancellationToken)
    {
        long newest = 0;
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Gc, cancellationToken))
        {
            newest = Math.Max(newest, BlobNames.ParseGc(item.Name) ?? 0);
        }

        return newest;
    }

    /// <summary>The newest gc document; one that a prune removed between listing and reading has a newer one after it.</summary>
    public async ValueTask<GcDocument> ReadNewestAsync(CancellationToken cancellationToken)
    {
        for (var left = Tries; ; left--)
        {
            var number = await NewestNumberAsync(cancellationToken);
            if (number == 0)
            {
                return GcDocument.None;
            }

            try
            {
                return await ReadAsync(number, cancellationToken);
            }
            catch (BackupException error) when (error.Code == ErrorCode.VaultBlobMissing && left > 0)
            {
                // It has been replaced meanwhile.
            }
        }
    }

    public async ValueTask<GcDocument> ReadAsync(long number, CancellationToken cancellationToken)
    {
        var plaintext = await repository.ReadSealedAsync(
            SealedType.Gc, GcDocument.Context(number), BlobNames.GcRound(number), hash: null, cancellationToken);
        return GcDocument.Decode(plaintext, number);
    }

    /// <summary>Writes the next gc blob and removes those before it; CommitConflict when another prune wrote it first.</summary>
    public async ValueTask WriteAsync(GcDocument document, IRandomSource random, CancellationToken cancellationToken)
    {
        var name = BlobNames.GcRound(document.Sequence);
        var blob = repository.Seal(SealedType.Gc, GcDocument.Context(document.Sequence), document.Encode(), random);
        var isOurs = await repository.Vault.CreateAsync(name, blob, cancellationToken);
        if (!isOurs)
        {
            // It may be our own, acknowledged on the second try only.
            var existing = await repository.Vault.ReadAsync(name, FormatLimits.SealedBlobBytes, cancellationToken);
            isOurs = existing.AsSpan().SequenceEqual(blob);
        }

        if (!isOurs)
        {
            throw new BackupException(
                ErrorCode.CommitConflict, "Another prune or repair of this vault ended first.", "Run again; nothing was lost.");
        }

        await foreach (var item in repository.Vault.ListAsync(BlobNames.Gc, cancellationToken))
        {
            if (BlobNames.ParseGc(item.Name) < document.Sequence)
            {
                await repository.Vault.DeleteAsync(item.Name, cancellationToken);
            }
        }
    }
}
