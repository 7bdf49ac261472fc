using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Simulator.Snapshots;

/// <summary>Change tracking that hands every call on: what stands in front of it overrides only what it changes.</summary>
/// <param name="inner">The tracker behind it.</param>
public abstract class DelegatingTracker(IChangeTracker inner) : IChangeTracker
{
    /// <inheritdoc/>
    public virtual string Cursor => inner.Cursor;

    /// <inheritdoc/>
    public virtual ValueTask<ChangeAnswer> GetChangesAsync(string since, CancellationToken cancellationToken) =>
        inner.GetChangesAsync(since, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<SourceItem>> FindAsync(ulong fileReference, CancellationToken cancellationToken) =>
        inner.FindAsync(fileReference, cancellationToken);

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<SourceItem> EnumerateBelowAsync(SourceEntry directory, CancellationToken cancellationToken) =>
        inner.EnumerateBelowAsync(directory, cancellationToken);
}
