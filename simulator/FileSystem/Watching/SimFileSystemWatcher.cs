using System.Collections.ObjectModel;
using System.ComponentModel;
using System.IO.Abstractions;
using System.IO.Enumeration;
using Harness.Simulator.FileSystem.Paths;

namespace Harness.Simulator.FileSystem.Watching;

/// <summary>
/// <see cref="IFileSystemWatcher"/> over what is done to the volume, through file systems and directly. Unlike the real one it
/// raises its events on the thread that made the change, after the change and before the call returns, so tests need not
/// wait. As with the real one its handlers run one after the other: what happens meanwhile, or while
/// <see cref="SimFileSystem.HoldWatchers"/> holds events back, waits in a buffer of <see cref="InternalBufferSize"/>, and is
/// lost when that overflows. When the watched directory is deleted it ends with an error.
/// </summary>
internal sealed class SimFileSystemWatcher(SimFileSystem fileSystem) : IFileSystemWatcher
{
    private const NotifyFilters AllFilters = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.Attributes
        | NotifyFilters.Size | NotifyFilters.LastWrite | NotifyFilters.LastAccess | NotifyFilters.CreationTime
        | NotifyFilters.Security;

    private const int MinBufferBytes = 4096;

    private const int AccessDenied = 5;

    private readonly FilterCollection _filters = [];
    private readonly WatchBuffer _buffer = new();
    private string _path = "";
    private string _volumePath = "";
    private VolumeSession? _session;
    private NotifyFilters _notifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.DirectoryName;
    private int _bufferBytes = 8192;
    private bool _enabled;
    private bool _initializing;
    private bool _disposed;

    public event FileSystemEventHandler? Changed;

    public event FileSystemEventHandler? Created;

    public event FileSystemEventHandler? Deleted;

    public event RenamedEventHandler? Renamed;

    public event ErrorEventHandler? Error;

    public bool IncludeSubdirectories { get; set; }

    public ISite? Site { get; set; }

    public ISynchronizeInvoke? SynchronizingObject { get; set; }

    public Collection<string> Filters => _filters;

    public string Filter
    {
        get => _filters.Count == 0 ? "*" : _filters[0];
        set
        {
            _filters.Clear();
            _filters.Add(value);
        }
    }

    public int InternalBufferSize
    {
        get => _bufferBytes;
        set => _bufferBytes = Math.Max(value, MinBufferBytes);
    }

    public NotifyFilters NotifyFilter
    {
        get => _notifyFilter;
        set => _notifyFilter = (value & ~AllFilters) == default
            ? value
            : throw new ArgumentException(
                $"The value of argument 'value' ({(int)value}) is invalid for Enum type 'NotifyFilters'.", nameof(value));
    }

    public string Path
    {
        get => _path;
        set
        {
            var path = value ?? "";
            if (path.Equals(_path, StringComparison.OrdinalIgnoreCase))
            {
                return;
            }

            RequireDirectory(path, nameof(Path));
            _path = path;
            Restart();
        }
    }

    public bool EnableRaisingEvents
    {
        get => _enabled;
        set
        {
            ObjectDisposedException.ThrowIf(_disposed && value, this);
            _enabled = value;
            Restart();
        }
    }

    public void BeginInit()
    {
        _initializing = true;
        Restart();
    }

    public void EndInit()
    {
        _initializing = false;
        Restart();
    }

    public WaitForChangedResult WaitForChanged(WatcherChangeTypes changeType) =>
        WaitForChanged(changeType, Timeout.Infinite);

    public WaitForChangedResult WaitForChanged(WatcherChangeTypes changeType, int timeout)
    {
        WaitForChangedResult? result = null;
        using var arrived = new ManualResetEventSlim();
        void OnEvent(object sender, FileSystemEventArgs e)
        {
            if (changeType.HasFlag(e.ChangeType) && result is null)
            {
                result = new WaitForChangedResult
                {
                    ChangeType = e.ChangeType,
                    Name = e.Name,
                    OldName = (e as RenamedEventArgs)?.OldName,
                };
                arrived.Set();
            }
        }

        void OnRenamed(object sender, RenamedEventArgs e) => OnEvent(sender, e);
        Created += OnEvent;
        Deleted += OnEvent;
        Changed += OnEvent;
        Renamed += OnRenamed;
        var was = _enabled;
        try
        {
            EnableRaisingEvents = true;
            return arrived.Wait(timeout) ? result!.Value : new WaitForChangedResult { TimedOut = true };
        }
        finally
        {
            EnableRaisingEvents = was;
            Created -= OnEvent;
            Deleted -= OnEvent;
            Changed -= OnEvent;
            Renamed -= OnRenamed;
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _enabled = false;
        Restart();
    }

    /// <summary>Checks what a watcher is to watch, as its constructors and Path do.</summary>
    internal void RequireDirectory(string path, string parameter)
    {
        if (path.Length == 0)
        {
            throw new ArgumentException($"The directory name '{path}' is invalid.", parameter);
        }

        if (!fileSystem.Directory.Exists(path))
        {
            throw new ArgumentException($"The directory name '{path}' does not exist.", parameter);
        }
    }

    /// <summary>Reports a change, if it lies where this watcher looks and passes its filters.</summary>
    internal void Raise(in WatchNotice notice)
    {
        if (!_enabled)
        {
            return;
        }

        if (notice is { Kind: WatcherChangeTypes.Deleted, IsDirectory: true } && IsWatched(notice.Path))
        {
            End();
            return;
        }

        if ((notice.Filter & _notifyFilter) != default && EventOf(notice) is { } told)
        {
            _buffer.Add(told, _bufferBytes);
            Deliver();
        }
    }

    /// <summary>Raises what waits, unless events are held back.</summary>
    internal void Deliver()
    {
        if (_session?.Watchers.IsHeld == false)
        {
            _buffer.Deliver(Send, () => SendError(new InternalBufferOverflowException(
                $"Too many changes at once in directory:{_path}.")));
        }
    }

    private WatchEvent? EventOf(in WatchNotice notice)
    {
        var name = NameOf(notice.Path);
        if (notice.Kind != WatcherChangeTypes.Renamed)
        {
            return name is not null && Matches(name) ? new WatchEvent(notice.Kind, name, null) : null;
        }

        var oldName = NameOf(notice.OldPath);
        return name is not null && oldName is not null && (Matches(name) || Matches(oldName))
            ? new WatchEvent(notice.Kind, name, oldName)
            : null;
    }

    private bool IsWatched(string path) =>
        _volumePath.Length > 0 && path.Equals(_volumePath, StringComparison.OrdinalIgnoreCase);

    private void End()
    {
        EnableRaisingEvents = false;
        SendError(new Win32Exception(AccessDenied, "Access is denied."));
    }

    private void SendError(Exception error)
    {
        if (Error is { } handler)
        {
            Invoke(() => handler(this, new ErrorEventArgs(error)));
        }
    }

    private string FullDirectory => PathSyntax.TrimEndingSeparator(fileSystem.FullPath(_path)).ToString();

    private void Send(WatchEvent told)
    {
        if (told.OldName is { } oldName)
        {
            if (Renamed is { } renamed)
            {
                var args = WatchEvents.Renamed(FullDirectory, told.Name, oldName);
                Invoke(() => renamed(this, args));
            }

            return;
        }

        var handler = told.Kind switch
        {
            WatcherChangeTypes.Created => Created,
            WatcherChangeTypes.Deleted => Deleted,
            _ => Changed,
        };
        if (handler is not null)
        {
            var args = WatchEvents.Of(told.Kind, FullDirectory, told.Name);
            Invoke(() => handler(this, args));
        }
    }

    private void Invoke(Action raise)
    {
        if (SynchronizingObject is { InvokeRequired: true } target)
        {
            target.BeginInvoke(raise, null);
        }
        else
        {
            raise();
        }
    }

    /// <summary>The path relative to the watched directory; null when it lies elsewhere, or too deep.</summary>
    private string? NameOf(string path)
    {
        var prefix = _volumePath.Length == 0 ? "" : _volumePath + "/";
        if (path.Length <= prefix.Length || !path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var name = path[prefix.Length..];
        return !IncludeSubdirectories && name.Contains('/') ? null : name.Replace('/', '\\');
    }

    private bool Matches(string name)
    {
        var last = PathNames.FileName(name);
        foreach (var filter in _filters)
        {
            if (FileSystemName.MatchesSimpleExpression(filter, last, ignoreCase: true))
            {
                return true;
            }
        }

        return _filters.Count == 0;
    }

    private void Restart()
    {
        _session?.Watchers.Remove(this);
        _session = null;
        _buffer.Clear();
        if (!_enabled || _initializing)
        {
            return;
        }

        if (_path.Length == 0 || !fileSystem.Directory.Exists(_path))
        {
            _enabled = false;
            throw new FileNotFoundException($"Error reading the {_path} directory.");
        }

        (_session, _volumePath) = fileSystem.Run(
            FullDirectory, follow: true, found => (found.Session, found.Volume.PathOf(found.Place)));
        _session!.Watchers.Add(this);
    }

    /// <summary>"" and "*.*" mean everything.</summary>
    private sealed class FilterCollection : Collection<string>
    {
        protected override void InsertItem(int index, string item) => base.InsertItem(index, Normal(item));

        protected override void SetItem(int index, string item) => base.SetItem(index, Normal(item));

        private static string Normal(string? item) => string.IsNullOrEmpty(item) || item == "*.*" ? "*" : item;
    }
}
