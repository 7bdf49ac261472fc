using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;
using Harness.Engine.Restore;

namespace Harness.Engine.Check;

/// <summary>
/// Checks every recovery point: the chain of commits without a gap, its manifests, its tree, and that every segment it refers
/// to can be read.
/// </summary>
internal sealed class RecoveryPointCheck(Repository repository, Findings findings, CheckedPacks packs)
{
    private readonly CommitLog _log = new(repository);
    private readonly HashSet<Hash256> _usedSegments = [];
    private bool _complete = true;

    public long Count { get; private set; }

    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        foreach (var (sourceId, sequences) in await _log.ListAllAsync(cancellationToken))
        {
            Commit? before = null;
            RecordState? state = null;
            for (var sequence = await FirstAsync(sourceId, sequences[0], cancellationToken); sequence <= sequences[^1]; sequence++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Count++;
                (before, state) = await CheckAsync(sourceId, sequence, before, state, cancellationToken);
            }
        }
    }

    /// <summary>Packs without a segment that any recovery point uses; empty when damage makes that unknowable.</summary>
    public IReadOnlyList<string> Unreferenced()
    {
        if (!_complete)
        {
            return [];
        }

        var used = packs.Indexes.Values.SelectMany(indexed => indexed)
            .Where(pack => pack.Segments.Any(segment => _usedSegments.Contains(segment.Id)))
            .Select(pack => BlobNames.Pack(pack.Hash))
            .ToHashSet(StringComparer.Ordinal);
        return [.. packs.Present.Where(name => !used.Contains(name)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The first commit that must be there: older ones may have been forgotten, but not what the oldest rests on.</summary>
    private async ValueTask<long> FirstAsync(string sourceId, long oldest, CancellationToken cancellationToken)
    {
        try
        {
            return (await _log.ReadAsync(sourceId, oldest, cancellationToken)).Document.ChainStart;
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
        {
            return oldest;
        }
    }

    private async ValueTask<(Commit? Commit, RecordState? State)> CheckAsync(
        string sourceId, long sequence, Commit? before, RecordState? stateBefore, CancellationToken cancellationToken)
    {
        var name = BlobNames.Commit(sourceId, sequence);
        var commit = await TryAsync(name, name, () => _log.ReadAsync(sourceId, sequence, cancellationToken));
        if (commit is null)
        {
            return (null, null);
        }

        var label = LabelOf(commit);
        if (before is not null && commit.Document.Parent != before.Hash.ToString())
        {
            findings.Add(
                BlobNames.Commit(sourceId, sequence - 1),
                ErrorCode.VaultBlobDamaged,
                $"It is not the recovery point that {sequence} follows.");
        }

        CheckIndexes(commit, label);
        var state = commit.Document.Checkpoint ? RecordState.Empty : stateBefore;
        if (state is null)
        {
            // What the chain rests on is damaged and reported already.
            findings.Add(name, ErrorCode.VaultBlobDamaged, $"Recovery point {label} rests on one that cannot be read.");
            findings.Suffers(name, label);
            _complete = false;
            return (commit, null);
        }

        state = await ReadManifestsAsync(commit, label, state, cancellationToken);
        if (state is not null)
        {
            CheckState(state, name, label);
        }

        return (commit, state);
    }

    private async ValueTask<RecordState?> ReadManifestsAsync(
        Commit commit, string label, RecordState state, CancellationToken cancellationToken)
    {
        foreach (var text in commit.Document.Manifests)
        {
            var name = $"{BlobNames.Manifests}{commit.SourceId}/{text}";
            var next = await TryAsync(name, label, async () =>
            {
                var hash = Hash256.Parse(text) ?? throw Damage.In(name, "its name is no hash");
                var plaintext = await repository.ReadSealedAsync(
                    SealedType.Manifest, ManifestDocument.Context(commit.SourceId), name, hash, cancellationToken);
                return state.Apply(ManifestDocument.Decode(plaintext, name), name);
            });
            if (next is null)
            {
                return null;
            }

            state = next;
        }

        return state;
    }

    private void CheckIndexes(Commit commit, string label)
    {
        foreach (var hash in commit.Document.Indexes)
        {
            var name = BlobNames.Indexes + hash;
            if (!packs.Indexes.ContainsKey(name))
            {
                findings.Add(name, ErrorCode.VaultBlobMissing, $"Index '{name}' is not in the vault.");
                findings.Suffers(name, label);
            }
        }
    }

    private void CheckState(RecordState state, string commitName, string label)
    {
        try
        {
            var tree = PathTree.Of(state);
            var paths = new HashSet<string>(StringComparer.Ordinal);
            foreach (var entry in state.Entries())
            {
                var path = tree.PathOf(entry);
                if (!paths.Add(path))
                {
                    throw new InvalidDataException($"The recovery point holds '{path}' twice.");
                }

                foreach (var extent in entry.Streams.SelectMany(stream => state.ExtentsOf(entry, stream)))
                {
                    CheckExtent(extent, commitName, label);
                }
            }
        }
        catch (Exception error) when (error is BackupException or InvalidDataException)
        {
            findings.Add(commitName, ErrorCode.VaultBlobDamaged, error.Message);
            findings.Suffers(commitName, label);
        }
    }

    private void CheckExtent(Extent extent, string commitName, string label)
    {
        if (extent.Kind != ExtentKind.Data)
        {
            return;
        }

        var id = extent.Segment!.Id;
        _usedSegments.Add(id);
        if (packs.FindGood(id) is { } location)
        {
            if (extent.SegmentOffset + extent.Length > location.Record.RawBytes)
            {
                findings.Add(commitName, ErrorCode.VaultBlobDamaged, $"An extent reaches beyond segment {id}.");
                findings.Suffers(commitName, label);
            }
        }
        else if (packs.BlameFor(id) is { } blob)
        {
            findings.Suffers(blob, label);
        }
        else
        {
            findings.Add(commitName, ErrorCode.VaultBlobMissing, $"Segment {id} is in no readable index.");
            findings.Suffers(commitName, label);
        }
    }

    private async ValueTask<T?> TryAsync<T>(string blob, string sufferer, Func<ValueTask<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
        {
            findings.Add(blob, error);
            findings.Suffers(blob, sufferer);
            _complete = false;
            return null;
        }
    }

    private static string LabelOf(Commit commit) => $"{commit.Document.Source}#{commit.Document.Sequence}";
}
