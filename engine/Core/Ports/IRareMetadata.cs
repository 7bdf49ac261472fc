using Harness.Engine.Model;

namespace Harness.Engine.Ports;

/// <summary>
/// What few entries of an NTFS volume have, and no backup of files carries: asked for entry by entry, so that a listing does not
/// pay for it. A snapshot implements it where it can tell.
/// </summary>
public interface IRareMetadata
{
    /// <summary>Reads it; <see cref="RareEntryMetadata.None"/> where there is nothing, also when the entry is gone.</summary>
    ValueTask<RareEntryMetadata> ReadRareMetadataAsync(SourceEntry entry, CancellationToken cancellationToken);
}
