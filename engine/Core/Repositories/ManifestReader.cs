using System.Runtime.CompilerServices;
using Harness.Engine.Format;

namespace Harness.Engine.Repositories;

/// <summary>Reads the manifests of commits.</summary>
internal static class ManifestReader
{
    /// <summary>The parts of a commit in order: the name of the blob, for whoever has to blame it, and its records.</summary>
    public static async IAsyncEnumerable<(string Name, IReadOnlyList<KeyedRecord> Records)> PartsAsync(
        Repository repository, Commit commit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var text in commit.Document.Manifests)
        {
            var commitName = BlobNames.Commit(commit.SourceId, commit.Document.Sequence);
            var hash = Hash256.Parse(text) ?? throw Damage.In(commitName, "it names a manifest that is no hash");
            yield return (BlobNames.Manifest(commit.SourceId, hash), await ReadAsync(repository, commit, hash, cancellationToken));
        }
    }

    /// <summary>The records of a commit, which ascend over all its parts. Memory is bounded by one part.</summary>
    /// <param name="repository">The vault.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="reading">Told the name of each blob before it is read: the one to blame from then on.</param>
    /// <param name="cancellationToken">Ends it between two records.</param>
    public static async IAsyncEnumerable<KeyedRecord> RecordsAsync(
        Repository repository, Commit commit, Action<string> reading, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RecordKey? last = null;
        foreach (var text in commit.Document.Manifests)
        {
            var name = $"{BlobNames.Manifests}{commit.SourceId}/{text}";
            reading(name);
            var hash = Hash256.Parse(text) ?? throw Damage.In(name, "its name is no hash");
            foreach (var record in await ReadAsync(repository, commit, hash, cancellationToken))
            {
                if (last is { } before && before.CompareTo(record.Key) >= 0)
                {
                    throw Damage.In(name, "its records do not follow those of the part before");
                }

                last = record.Key;
                yield return record;
            }
        }
    }

    /// <summary>The records of one part.</summary>
    public static async ValueTask<IReadOnlyList<KeyedRecord>> ReadAsync(
        Repository repository, Commit commit, Hash256 hash, CancellationToken cancellationToken)
    {
        var name = BlobNames.Manifest(commit.SourceId, hash);
        var plaintext = await repository.ReadSealedAsync(
            SealedType.Manifest, ManifestDocument.Context(commit.SourceId), name, hash, cancellationToken);
        return ManifestDocument.Decode(plaintext, name);
    }
}
