using Harness.Engine.Ports;

namespace Harness.Engine.Tables;

/// <summary>
/// A scratch location for one job that has none: in memory up to a number of bytes; files that grow beyond it go to an overflow
/// location, where there is one, and are deleted at the end. Nothing here is durable. One logical thread.
/// </summary>
internal sealed class TemporaryScratch(IScratch? overflow, IRandomSource random, long limitBytes = TemporaryScratch.DefaultBytes)
    : IScratch, IAsyncDisposable
{
    /// <summary>Memory that a job without a scratch location takes for its tables, unless told otherwise.</summary>
    public const long DefaultBytes = 64 << 20;

    private readonly SortedDictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _overflown = new(StringComparer.Ordinal);
    private string? _prefix;

    /// <summary>Bytes of files in memory.</summary>
    public long MemoryBytes { get; private set; }

    public async ValueTask<ScratchInfo> DescribeAsync(CancellationToken cancellationToken) => overflow is null
        ? new ScratchInfo("memory", long.MaxValue, MemoryBytes)
        : await overflow.DescribeAsync(cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<string>>([.. _files.Keys.Concat(_overflown).Order(StringComparer.Ordinal)]);

    public async ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken) =>
        _overflown.Contains(name) ? await overflow!.GetLengthAsync(Outside(name), cancellationToken)
            : _files.TryGetValue(name, out var file) ? file.LengthBytes : null;

    public async ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        _overflown.Contains(name) ? await overflow!.ReadAsync(Outside(name), offset, buffer, cancellationToken)
            : _files.TryGetValue(name, out var file) ? file.Read(offset, buffer.Span) : 0;

    public async ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (overflow is not null && !_overflown.Contains(name) && MemoryBytes + content.Length > limitBytes)
        {
            await MoveOutAsync(name, cancellationToken);
        }

        if (_overflown.Contains(name))
        {
            await overflow!.AppendAsync(Outside(name), content, cancellationToken);
            return;
        }

        if (!_files.TryGetValue(name, out var file))
        {
            _files.Add(name, file = new MemoryFile());
        }

        file.Append(content);
        MemoryBytes += content.Length;
    }

    public ValueTask FlushAsync(string name, CancellationToken cancellationToken) => default;

    public async ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken)
    {
        await DeleteAsync(to, cancellationToken);
        if (_overflown.Remove(from))
        {
            await overflow!.RenameAsync(Outside(from), Outside(to), cancellationToken);
            _overflown.Add(to);
        }
        else if (_files.Remove(from, out var file))
        {
            _files.Add(to, file);
        }
    }

    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (_files.Remove(name, out var file))
        {
            MemoryBytes -= file.LengthBytes;
        }

        if (_overflown.Remove(name))
        {
            await overflow!.DeleteAsync(Outside(name), cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _overflown)
        {
            await overflow!.DeleteAsync(Outside(name), CancellationToken.None);
        }

        _overflown.Clear();
        _files.Clear();
    }

    /// <summary>The name in the overflow location: jobs that share one do not meet.</summary>
    private string Outside(string name)
    {
        if (_prefix is null)
        {
            var id = new byte[8];
            random.Fill(id);
            _prefix = $"work-{Convert.ToHexStringLower(id)}-";
        }

        return _prefix + name;
    }

    private async ValueTask MoveOutAsync(string name, CancellationToken cancellationToken)
    {
        _overflown.Add(name);
        if (_files.Remove(name, out var file))
        {
            MemoryBytes -= file.LengthBytes;
            foreach (var piece in file.Pieces)
            {
                await overflow!.AppendAsync(Outside(name), piece, cancellationToken);
            }
        }
    }

    /// <summary>A file as the pieces that were appended.</summary>
    private sealed class MemoryFile
    {
        private readonly List<byte[]> _pieces = [];
        private readonly List<long> _starts = [];

        public long LengthBytes { get; private set; }

        public IReadOnlyList<byte[]> Pieces => _pieces;

        public void Append(ReadOnlyMemory<byte> content)
        {
            _starts.Add(LengthBytes);
            _pieces.Add(content.ToArray());
            LengthBytes += content.Length;
        }

        public int Read(long offset, Span<byte> buffer)
        {
            var read = 0;
            if (offset < 0 || offset >= LengthBytes)
            {
                return read;
            }

            var at = _starts.BinarySearch(offset);
            for (at = at < 0 ? ~at - 1 : at; at < _pieces.Count && read < buffer.Length; at++)
            {
                var piece = _pieces[at].AsSpan((int)(offset + read - _starts[at]));
                piece = piece[..Math.Min(piece.Length, buffer.Length - read)];
                piece.CopyTo(buffer[read..]);
                read += piece.Length;
            }

            return read;
        }
    }
}
