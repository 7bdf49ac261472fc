using Harness.Engine.Errors;
using Harness.Engine.Ports;

namespace Harness.Simulator.Scratch;

/// <summary>
/// A scratch location in memory on a volume of a given free space. Full means ScratchFull, with nothing of that append kept.
/// Flushing does nothing, since nothing here is lost before a crash is simulated. One logical thread.
/// </summary>
/// <param name="freeBytes">Free space of its volume before anything is in it, 0 or more.</param>
/// <param name="displayName">Its name in messages.</param>
public sealed class SimScratch(long freeBytes, string displayName = "simulated scratch") : IScratch
{
    private readonly SortedDictionary<string, MemoryStream> _files = new(StringComparer.Ordinal);

    /// <summary>Free space of the volume as it would be without the files here; a test may change it under way.</summary>
    public long CapacityBytes { get; set; } = freeBytes;

    /// <summary>What the files occupy now.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>The most they ever occupied.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>When set, describing the location fails with this error (ScratchNotDirectory, ScratchNotWritable).</summary>
    public BackupException? DescribeFailure { get; set; }

    /// <inheritdoc/>
    public ValueTask<ScratchInfo> DescribeAsync(CancellationToken cancellationToken) => DescribeFailure is { } failure
        ? throw failure
        : ValueTask.FromResult(new ScratchInfo(displayName, Math.Max(CapacityBytes - UsedBytes, 0), UsedBytes));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<string>>([.. _files.Keys]);

    /// <inheritdoc/>
    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_files.TryGetValue(Checked(name), out var file) ? file.Length : (long?)null);

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_files.TryGetValue(Checked(name), out var file) || offset >= file.Length)
        {
            return ValueTask.FromResult(0);
        }

        file.Position = offset;
        return ValueTask.FromResult(file.Read(buffer.Span));
    }

    /// <inheritdoc/>
    public ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Checked(name);
        if (UsedBytes + content.Length > CapacityBytes)
        {
            throw new BackupException(
                ErrorCode.ScratchFull,
                $"The scratch location {displayName} is full: {content.Length} bytes for '{name}' do not fit in "
                    + $"{Math.Max(CapacityBytes - UsedBytes, 0)}.",
                "Free space there, or choose another scratch location.");
        }

        if (!_files.TryGetValue(name, out var file))
        {
            _files.Add(name, file = new MemoryStream());
        }

        file.Position = file.Length;
        file.Write(content.Span);
        Add(content.Length);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(string name, CancellationToken cancellationToken)
    {
        Checked(name);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken)
    {
        Checked(to);
        if (!_files.Remove(Checked(from), out var file))
        {
            throw new BackupException(ErrorCode.FileInaccessible, $"The scratch file '{from}' does not exist.");
        }

        if (_files.Remove(to, out var replaced))
        {
            Add(-replaced.Length);
        }

        _files.Add(to, file);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (_files.Remove(Checked(name), out var file))
        {
            Add(-file.Length);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Loses every file, as a user does who empties the cache.</summary>
    public void Clear()
    {
        _files.Clear();
        UsedBytes = 0;
    }

    /// <summary>Alters a byte of a file, as a failing disk does.</summary>
    public void Flip(string name, long offset)
    {
        var file = _files[Checked(name)];
        file.GetBuffer()[offset] ^= 0x40;
    }

    private static string Checked(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (var character in name)
        {
            if (character is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '_' or '-'))
            {
                throw new ArgumentException($"'{name}' is not a scratch name.", nameof(name));
            }
        }

        return name;
    }

    private void Add(long bytes)
    {
        UsedBytes += bytes;
        PeakBytes = Math.Max(PeakBytes, UsedBytes);
    }
}
