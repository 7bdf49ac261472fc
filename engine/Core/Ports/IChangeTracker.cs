using Harness.Engine.Model;

namespace Harness.Engine.Ports;

/// <summary>
/// Tells a snapshot's differences from an earlier one without a look at what did not change: from the blocks that the snapshot
/// provider tracks, or from the change journal of the file system. Called from one logical thread, while the snapshot lives.
/// </summary>
public interface IChangeTracker
{
    /// <summary>
    /// Stands for this snapshot in a later call of <see cref="GetChangesAsync"/>: printable ASCII, at most 1,024 characters. Read
    /// before the snapshot was taken or within it, so a change in between is told twice and never missed.
    /// </summary>
    string Cursor { get; }

    /// <summary>What changed since an earlier cursor, or why that cannot be told.</summary>
    ValueTask<ChangeAnswer> GetChangesAsync(string since, CancellationToken cancellationToken);

    /// <summary>
    /// Everything that has this identity in the snapshot and lies in the source, under each of its names; empty when it is gone.
    /// Trouble is an item, not an exception.
    /// </summary>
    ValueTask<IReadOnlyList<SourceItem>> FindAsync(ulong fileReference, CancellationToken cancellationToken);

    /// <summary>Lists what lies below a directory, as <see cref="ISnapshot.EnumerateAsync"/> does.</summary>
    IAsyncEnumerable<SourceItem> EnumerateBelowAsync(SourceEntry directory, CancellationToken cancellationToken);
}
