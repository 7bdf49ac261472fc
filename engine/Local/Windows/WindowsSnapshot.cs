using System.Runtime.Versioning;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Engine.Local.Windows;

/// <summary>The live directory seen as a snapshot. Untested, as <see cref="WindowsDirectorySource"/> says.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsSnapshot(string root, DateTimeOffset takenAt) : ISnapshot
{
    /// <summary>Without it a path ends at 260 characters and names are altered.</summary>
    private readonly string _root = @"\\?\" + Path.TrimEndingDirectorySeparator(root);

    /// <inheritdoc/>
    public DateTimeOffset TakenAt { get; } = takenAt;

    /// <inheritdoc/>
    public ConsistencyLevel Consistency => ConsistencyLevel.Crash;

    /// <inheritdoc/>
    public IAsyncEnumerable<SourceItem> EnumerateAsync(CancellationToken cancellationToken) =>
        List(cancellationToken).ToAsyncEnumerable();

    /// <inheritdoc/>
    public ValueTask<ISourceReader> OpenAsync(SourceEntry entry, SourceStream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(stream);
        cancellationToken.ThrowIfCancellationRequested();
        var shown = stream.Name.Length == 0 ? entry.Path : $"{entry.Path}:{stream.Name}";
        return ValueTask.FromResult<ISourceReader>(new WindowsStreamReader(
            shown, FullPath(entry.Path) + (stream.Name.Length == 0 ? "" : ":" + stream.Name), stream));
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsAliveAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Directory.Exists(_root));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IEnumerable<SourceItem> List(CancellationToken cancellationToken)
    {
        var pending = new Stack<(string Path, ulong Parent)>();
        pending.Push(("", 0));
        while (pending.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var item = Read(next.Path, next.Parent);
            yield return item;
            if (item.Entry is not { Kind: EntryKind.Directory, ReparseTag: null } entry)
            {
                continue;
            }

            var names = TryList(entry.Path, out var trouble);
            if (trouble is not null)
            {
                yield return SourceItem.Of(trouble);
            }

            // In reverse, since they go on a stack.
            foreach (var name in names.OrderDescending(StringComparer.Ordinal))
            {
                pending.Push((entry.Path.Length == 0 ? name : $"{entry.Path}/{name}", entry.FileReference));
            }
        }
    }

    private SourceItem Read(string path, ulong parent)
    {
        try
        {
            return SourceItem.Of(WindowsEntryReader.Read(FullPath(path), path, parent));
        }
        catch (SourceReadException error)
        {
            return SourceItem.Of(error);
        }
    }

    private List<string> TryList(string path, out SourceReadException? trouble)
    {
        trouble = null;
        try
        {
            return [.. new DirectoryInfo(FullPath(path)).EnumerateFileSystemInfos().Select(item => item.Name)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            trouble = new SourceReadException(
                path,
                error is UnauthorizedAccessException ? SourceFault.AccessDenied : SourceFault.ReadError,
                $"Cannot list the directory '{path}': {error.Message}",
                error);
            return [];
        }
    }

    private string FullPath(string path) =>
        path.Length == 0 ? _root + @"\" : $@"{_root}\{path.Replace('/', '\\')}";
}
