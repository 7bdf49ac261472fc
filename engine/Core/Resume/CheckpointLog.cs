using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;
using Harness.Engine.Retention;

namespace Harness.Engine.Resume;

/// <summary>A checkpoint of a run that has not ended well.</summary>
/// <param name="Section">What the run follows.</param>
/// <param name="Packs">Packs that it has sent since the checkpoint before.</param>
/// <param name="Items">What lies in them, encoded.</param>
internal sealed record Checkpoint(RunSection Section, IReadOnlyList<IndexedPack> Packs, IReadOnlyList<byte[]> Items);

/// <summary>Lists and reads checkpoints (FORMAT.md section 14).</summary>
internal sealed class CheckpointLog(Repository repository)
{
    public static string ContextOf(string name) => "checkpoint/" + name[BlobNames.Sessions.Length..];

    public async ValueTask<Checkpoint> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var plaintext = await repository.ReadSealedAsync(
            SealedType.Checkpoint, ContextOf(name), name, hash: null, cancellationToken);
        var (section, packs, items) = RunLogFormat.DecodeCheckpoint(plaintext, name);
        return new Checkpoint(section, packs, items);
    }

    /// <summary>A checkpoint, or null when it is gone or damaged: it only saves time.</summary>
    public async ValueTask<Checkpoint?> TryReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(name, cancellationToken);
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
        {
            return null;
        }
    }

    /// <summary>
    /// Sorts the checkpoints of a vault into those that a run may still take over, and others. Commits are asked for later than
    /// checkpoints are listed, so a run that ended meanwhile is seen.
    /// </summary>
    public async ValueTask<(IReadOnlySet<Hash256> HeldPacks, IReadOnlyList<string> Stale)> SurveyAsync(
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Sessions, cancellationToken))
        {
            if (BlobNames.ParseCheckpoint(item.Name) is not null)
            {
                names.Add(item.Name);
            }
        }

        var held = new HashSet<Hash256>();
        var stale = new List<string>();
        var newest = new Dictionary<string, Hash256>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var source = BlobNames.ParseCheckpoint(name)!.Value.Source;
            if (!newest.TryGetValue(source, out var commit))
            {
                newest[source] = commit = await NewestAsync(source, cancellationToken);
            }

            if (await TryReadAsync(name, cancellationToken) is { } checkpoint
                && checkpoint.Section.Parent == commit && !SoftDelete.IsOver(checkpoint.Section.TakenAt, now))
            {
                held.UnionWith(checkpoint.Packs.Select(pack => pack.Hash));
            }
            else
            {
                stale.Add(name);
            }
        }

        return (held, stale);
    }

    private async ValueTask<Hash256> NewestAsync(string source, CancellationToken cancellationToken)
    {
        var log = new CommitLog(repository);
        var sequences = await log.ListAsync(source, cancellationToken);
        return sequences.Count == 0 ? default : (await log.ReadAsync(source, sequences[^1], cancellationToken)).Hash;
    }
}
