namespace Harness.Engine.Format;

/// <summary>What a stream, or one region of a long one, consists of. Immutable.</summary>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Extents">Where its bytes are; offsets from its beginning.</param>
/// <param name="Digests">Digests of its ranges, counted from its beginning.</param>
internal sealed record ProtectedContent(long LengthBytes, ExtentMap Extents, DigestMap Digests)
{
    public static ProtectedContent Empty { get; } = new(0, ExtentMap.Empty, DigestMap.Empty);

    /// <summary>Whether both hold the same.</summary>
    public bool SameAs(ProtectedContent other) => ReferenceEquals(this, other)
        || (LengthBytes == other.LengthBytes
            && Extents.PatchFrom(other.Extents, LengthBytes).Count == 0
            && Digests.DifferencesFrom(other.Digests).Count == 0);
}
