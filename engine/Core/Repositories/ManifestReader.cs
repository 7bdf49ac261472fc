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
