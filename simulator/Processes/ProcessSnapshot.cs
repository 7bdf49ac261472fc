using System.Runtime.CompilerServices;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Faults;

namespace Harness.Simulator.Processes;

/// <summary>A snapshot as one process reaches it; it may vanish under the process.</summary>
/// <param name="process">Whose calls these are.</param>
/// <param name="inner">The snapshot.</param>
/// <param name="disk">What is wrong with the disk of the source.</param>
internal sealed class ProcessSnapshot(SimProcess process, ISnapshot inner, SimSourceDisk disk) : ISnapshot, IRareMetadata
{
    private readonly IChangeTracker? _changes = inner.Changes is { } changes ? new ProcessTracker(process, changes) : null;
    private bool _vanished;

    /// <inheritdoc/>
    public DateTimeOffset TakenAt => inner.TakenAt;

    /// <inheritdoc/>
    public ConsistencyLevel Consistency => inner.Consistency;

    /// <inheritdoc/>
    public IChangeTracker? Changes => _changes;

    /// <summary>What is wrong with the disk.</summary>
    public SimSourceDisk Disk => disk;

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceItem> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? blocked = null;
        await foreach (var item in inner.EnumerateAsync(cancellationToken))
        {
            var path = item.Entry?.Path ?? item.Error!.Path;
            if (blocked is not null && path.StartsWith(blocked, StringComparison.Ordinal))
            {
                continue;
            }

            var fault = await ListAsync(path, cancellationToken);
            blocked = null;
            if (_vanished)
            {
                // Trouble while listing is an item, not an exception.
                yield return SourceItem.Of(Error(path, SourceFault.Vanished));
                yield break;
            }

            if (fault == FaultKind.Denied && item.Entry is { Kind: EntryKind.Directory } directory)
            {
                blocked = directory.Path.Length == 0 ? null : directory.Path + "/";
                yield return item;
                yield return SourceItem.Of(Error(path, SourceFault.AccessDenied));
                if (blocked is null)
                {
                    yield break;
                }
            }
            else
            {
                yield return fault == FaultKind.Denied ? SourceItem.Of(Error(path, SourceFault.AccessDenied)) : item;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ISourceReader> OpenAsync(SourceEntry entry, SourceStream stream, CancellationToken cancellationToken)
    {
        var path = stream.Name.Length == 0 ? entry.Path : $"{entry.Path}:{stream.Name}";
        var fault = await UseAsync("source.open", path, cancellationToken);
        return fault switch
        {
            FaultKind.Denied => throw Error(path, SourceFault.AccessDenied),
            FaultKind.InUse => throw Error(path, SourceFault.Locked),
            FaultKind.VanishedEntry => throw Error(path, SourceFault.Vanished),
            _ => new ProcessReader(this, path, await inner.OpenAsync(entry, stream, cancellationToken)),
        };
    }

    /// <inheritdoc/>
    public async ValueTask<RareEntryMetadata> ReadRareMetadataAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        var fault = await UseAsync("source.rare", entry.Path, cancellationToken);
        return fault == FaultKind.IoError ? throw Error(entry.Path, SourceFault.ReadError)
            : inner is IRareMetadata rare ? await rare.ReadRareMetadataAsync(entry, cancellationToken)
            : RareEntryMetadata.None;
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsAliveAsync(CancellationToken cancellationToken) => process.CallAsync(
        "source.alive", "-", async _ => !_vanished && await inner.IsAliveAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await process.CallAsync(
        "snapshot.release",
        "-",
        async fault =>
        {
            if (fault != FaultKind.NotReleased)
            {
                await inner.DisposeAsync();
                return true;
            }

            throw new BackupException(ErrorCode.SnapshotFailed, "The snapshot was not released (simulated).");
        },
        CancellationToken.None);

    /// <summary>One call on something in the snapshot; it may find the snapshot gone.</summary>
    public async ValueTask<FaultKind?> UseAsync(string operation, string path, CancellationToken cancellationToken)
    {
        await VanishAsync(cancellationToken);
        return _vanished
            ? throw Error(path, SourceFault.Vanished)
            : await process.CallAsync(operation, path, ValueTask.FromResult, cancellationToken);
    }

    private async ValueTask<FaultKind?> ListAsync(string path, CancellationToken cancellationToken)
    {
        await VanishAsync(cancellationToken);
        return _vanished ? null : await process.CallAsync("source.list", path, ValueTask.FromResult, cancellationToken);
    }

    private async ValueTask VanishAsync(CancellationToken cancellationToken) => _vanished |= await process.CallAsync(
        "snapshot.use", "-", fault => ValueTask.FromResult(fault == FaultKind.Vanished), cancellationToken);

    /// <summary>Trouble with one entry.</summary>
    public static SourceReadException Error(string path, SourceFault fault) => new(path, fault, $"The source failed: {fault} (simulated).");
}
