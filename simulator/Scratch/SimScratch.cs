using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Simulator.Content;

namespace Harness.Simulator.Scratch;

/// <summary>
/// A scratch location in memory on a volume of a given free space. Full means ScratchFull, with nothing of that append kept.
/// What was not flushed may be lost when <see cref="Crash"/> is called, and then only: FAULT_MODEL.md section 2. One logical thread.
/// </summary>
/// <param name="freeBytes">Free space of its volume before anything is in it, 0 or more.</param>
/// <param name="displayName">Its name in messages.</param>
public sealed class SimScratch(long freeBytes, string displayName = "simulated scratch") : IScratch
{
    private readonly ScratchFiles _files = new();

    /// <summary>Free space of the volume as it would be without the files here; a test may change it under way.</summary>
    public long CapacityBytes { get; set; } = freeBytes;

    /// <summary>What the files occupy now.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>Whether everything is flushed, so that a crash now would lose nothing.</summary>
    public bool IsDurable => _files.IsDurable;

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
        ValueTask.FromResult<IReadOnlyList<string>>([.. _files.Names]);

    /// <inheritdoc/>
    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_files.Find(Checked(name))?.Content.Length);

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_files.Find(Checked(name)) is not { } file || offset >= file.Content.Length)
        {
            return ValueTask.FromResult(0);
        }

        file.Content.Position = offset;
        return ValueTask.FromResult(file.Content.Read(buffer.Span));
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

        var file = _files.Find(name) ?? _files.Create(name);
        file.Content.Position = file.Content.Length;
        file.Content.Write(content.Span);
        Add(content.Length);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(string name, CancellationToken cancellationToken)
    {
        _files.Flush(Checked(name));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken)
    {
        Checked(to);
        if (_files.Find(Checked(from)) is null)
        {
            throw new BackupException(ErrorCode.FileInaccessible, $"The scratch file '{from}' does not exist.");
        }

        Add(-(_files.Rename(from, to)?.Content.Length ?? 0));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        Add(-(_files.Delete(Checked(name))?.Content.Length ?? 0));
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// The machine goes down: what was not flushed is kept, lost or torn, and the files are as they are found afterwards.
    /// </summary>
    /// <param name="loss">What becomes of it.</param>
    /// <param name="choices">Draws what is torn where.</param>
    public void Crash(CrashLoss loss, SeededSequence choices)
    {
        _files.Crash(loss, choices);
        UsedBytes = _files.TotalBytes;
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
        var file = _files.Find(Checked(name)) ?? throw new ArgumentException($"There is no scratch file '{name}'.", nameof(name));
        file.Content.GetBuffer()[offset] ^= 0x40;
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
