using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Simulator.Snapshots;

/// <summary>A snapshot that hands every call on: what stands in front of one overrides only what it changes.</summary>
/// <param name="inner">The snapshot behind it.</param>
public abstract class DelegatingSnapshot(ISnapshot inner) : ISnapshot, IRareMetadata
{
    /// <inheritdoc/>
    public virtual DateTimeOffset TakenAt => inner.TakenAt;

    /// <inheritdoc/>
    public virtual ConsistencyLevel Consistency => inner.Consistency;

    /// <inheritdoc/>
    public virtual IChangeTracker? Changes => inner.Changes;

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<SourceItem> EnumerateAsync(CancellationToken cancellationToken) => inner.EnumerateAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<ISourceReader> OpenAsync(SourceEntry entry, SourceStream stream, CancellationToken cancellationToken) =>
        inner.OpenAsync(entry, stream, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<bool> IsAliveAsync(CancellationToken cancellationToken) => inner.IsAliveAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<RareEntryMetadata> ReadRareMetadataAsync(SourceEntry entry, CancellationToken cancellationToken) =>
        inner is IRareMetadata rare ? rare.ReadRareMetadataAsync(entry, cancellationToken) : ValueTask.FromResult(RareEntryMetadata.None);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
