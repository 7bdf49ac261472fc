using Harness.Engine.Format;

namespace Harness.Engine.Repositories;

/// <summary>Reads index blobs.</summary>
internal sealed class IndexReader(Repository repository)
{
    /// <summary>The packs that an index blob names.</summary>
    public async ValueTask<IReadOnlyList<IndexedPack>> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var plaintext = await repository.ReadSealedAsync(
            SealedType.Index, IndexDocument.Context, name, HashOf(name), cancellationToken);
        return IndexDocument.Decode(plaintext, name);
    }

    /// <summary>The hash that an index blob is named by.</summary>
    public static Hash256 HashOf(string name) =>
        Hash256.Parse(name[BlobNames.Indexes.Length..]) ?? throw Damage.In(name, "its name is no hash");
}
