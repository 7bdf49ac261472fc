using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Scenarios.Running.Ntfs;

/// <summary>Some entries of a snapshot, in its order, as a snapshot of their own; the whole one is closed by its owner.</summary>
/// <param name="whole">The snapshot.</param>
/// <param name="isIn">Which entries are in it.</param>
internal sealed class SnapshotPart(ISnapshot whole, Func<SourceEntry, bool> isIn) : ISnapshot, IRareMetadata
{
    public DateTimeOffset TakenAt => whole.TakenAt;

    public ConsistencyLevel Consistency => whole.Consistency;

    public async IAsyncEnumerable<SourceItem> EnumerateAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in whole.EnumerateAsync(cancellationToken))
        {
            if (item.Entry is { } entry && isIn(entry))
            {
                yield return item;
            }
        }
    }

    public ValueTask<ISourceReader> OpenAsync(SourceEntry entry, SourceStream stream, CancellationToken cancellationToken) =>
        whole.OpenAsync(entry, stream, cancellationToken);

    public ValueTask<bool> IsAliveAsync(CancellationToken cancellationToken) => whole.IsAliveAsync(cancellationToken);

    public async ValueTask<RareEntryMetadata> ReadRareMetadataAsync(SourceEntry entry, CancellationToken cancellationToken) =>
        whole is IRareMetadata rare ? await rare.ReadRareMetadataAsync(entry, cancellationToken) : RareEntryMetadata.None;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
