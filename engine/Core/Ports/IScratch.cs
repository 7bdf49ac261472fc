namespace Harness.Engine.Ports;

/// <summary>
/// The scratch location: a local cache of small files with flat names <c>[a-z0-9._-]</c>. Losing any of it costs time, never
/// a recovery point. Nothing is durable before <see cref="FlushAsync"/>. Called from one logical thread. A full volume
/// throws ScratchFull.
/// </summary>
public interface IScratch
{
    /// <summary>Looks at the location and its volume; ScratchNotDirectory or ScratchNotWritable when it is not usable.</summary>
    ValueTask<ScratchInfo> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>Names of the files there, in ordinal order.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Length of a file, or null when absent.</summary>
    ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken);

    /// <summary>Reads into the buffer from an offset; returns the bytes read, fewer only at the end; 0 when absent.</summary>
    ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Appends to a file, creating it.</summary>
    ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Makes what was appended to a file durable.</summary>
    ValueTask FlushAsync(string name, CancellationToken cancellationToken);

    /// <summary>Renames a file over another atomically.</summary>
    ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken);

    /// <summary>Deletes a file if it is there.</summary>
    ValueTask DeleteAsync(string name, CancellationToken cancellationToken);
}

/// <summary>What the scratch location offers.</summary>
/// <param name="DisplayName">The location for people.</param>
/// <param name="FreeBytes">Free space of its volume for this user.</param>
/// <param name="UsedBytes">What the files there occupy now; counts toward the space that the rules demand.</param>
public readonly record struct ScratchInfo(string DisplayName, long FreeBytes, long UsedBytes);
