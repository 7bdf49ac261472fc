namespace Harness.Simulator.Volume.Opening;

/// <summary>One file or directory that is open or mapped at least once.</summary>
internal sealed class OpenedFile
{
    private readonly HashSet<FileLink> _pendingLinks = [];
    private readonly HashSet<string> _pendingStreams = new(StringComparer.OrdinalIgnoreCase);

    public List<VolumeHandle> Handles { get; } = [];

    public List<VolumeSection> Sections { get; } = [];

    public ByteRangeLocks Locks { get; } = new();

    /// <summary>Its last name is gone; the record goes with the last handle.</summary>
    public bool IsOrphan { get; set; }

    public bool IsInUse => Handles.Count > 0 || Sections.Count > 0;

    /// <summary>Whether any name was deleted and waits for handles.</summary>
    public bool IsDeletePending => _pendingLinks.Count > 0;

    public bool IsPending(FileLink link) => _pendingLinks.Contains(link);

    public bool IsPending(string stream) => _pendingStreams.Contains(stream);

    public void SetPending(FileLink link, bool pending)
    {
        _ = pending ? _pendingLinks.Add(link) : _pendingLinks.Remove(link);
    }

    public void SetPending(string stream, bool pending)
    {
        _ = pending ? _pendingStreams.Add(stream) : _pendingStreams.Remove(stream);
    }

    public bool IsOpenBy(FileLink link) => Handles.Exists(handle => handle.Link == link);

    public bool IsOpen(string stream) => Handles.Exists(handle => handle.IsOf(stream));

    public bool IsMapped(string stream) => Sections.Exists(section => section.IsOf(stream));

    /// <summary>A name became another: handles go on under it.</summary>
    public void Rename(FileLink from, FileLink to)
    {
        foreach (var handle in Handles)
        {
            handle.Link = handle.Link == from ? to : handle.Link;
        }

        if (_pendingLinks.Remove(from))
        {
            _pendingLinks.Add(to);
        }
    }
}
