using Harness.Engine.Errors;
using Harness.Engine.Model;

namespace Harness.Engine.Ports;

/// <summary>
/// A read-only picture of a data source. Disposing releases it, after failure too. Calls may overlap: several streams are
/// read at once, each by one reader.
/// </summary>
public interface ISnapshot : IAsyncDisposable
{
    /// <summary>When the picture was taken, by the source's clock.</summary>
    DateTimeOffset TakenAt { get; }

    /// <summary>How consistent it is.</summary>
    ConsistencyLevel Consistency { get; }

    /// <summary>Tells what changed since an earlier snapshot; null when the source does not track that.</summary>
    IChangeTracker? Changes => null;

    /// <summary>
    /// Lists every entry below and including the root, a directory before its content, names of one directory in ordinal
    /// order. Never descends into a reparse point or mount point. Trouble with one entry is an item, not an exception.
    /// </summary>
    IAsyncEnumerable<SourceItem> EnumerateAsync(CancellationToken cancellationToken);

    /// <summary>Opens one stream for reading; <see cref="SourceReadException"/> when that fails.</summary>
    ValueTask<ISourceReader> OpenAsync(SourceEntry entry, SourceStream stream, CancellationToken cancellationToken);

    /// <summary>Whether the root of the source is still there; asked before a commit.</summary>
    ValueTask<bool> IsAliveAsync(CancellationToken cancellationToken);
}

/// <summary>Reads one stream in blocks.</summary>
public interface ISourceReader : IAsyncDisposable
{
    /// <summary>
    /// Length of the stream now, in bytes; raw length for a raw stream. It may differ from the listing on a source without
    /// true snapshots.
    /// </summary>
    long LengthBytes { get; }

    /// <summary>
    /// The allocated ranges, ascending, not touching, within the length. A stream without holes gives one range of the
    /// whole length; an empty stream none.
    /// </summary>
    ValueTask<IReadOnlyList<ByteRange>> GetAllocatedRangesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Reads at <paramref name="offset"/> until the buffer is full or the stream ends; returns the bytes read.
    /// <see cref="SourceReadException"/> on trouble.
    /// </summary>
    ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>
    /// False when the stream changed since it was opened, so that what was read may not belong together; asked after the
    /// last read. A true snapshot always says true.
    /// </summary>
    ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken);
}

/// <summary>An entry of the listing, or the trouble met in its place.</summary>
public readonly record struct SourceItem
{
    private SourceItem(SourceEntry? entry, SourceReadException? error)
    {
        Entry = entry;
        Error = error;
    }

    /// <summary>The entry, or null when <see cref="Error"/> is set.</summary>
    public SourceEntry? Entry { get; }

    /// <summary>What went wrong at a path, or null.</summary>
    public SourceReadException? Error { get; }

    /// <summary>An entry.</summary>
    public static SourceItem Of(SourceEntry entry) => new(entry, null);

    /// <summary>Trouble at a path; for a directory that cannot be listed it comes after the directory's own entry.</summary>
    public static SourceItem Of(SourceReadException error) => new(null, error);
}
