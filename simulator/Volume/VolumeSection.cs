namespace Harness.Simulator.Volume;

/// <summary>
/// A stream mapped into memory (NtCreateSection), which outlives the handle that made it: until it is disposed the stream
/// cannot be cut (STATUS_USER_MAPPED_FILE) nor the file deleted (STATUS_CANNOT_DELETE). The volume's thread only.
/// </summary>
public sealed class VolumeSection : IDisposable
{
    private readonly SimVolume _volume;
    private bool _closed;

    internal VolumeSection(SimVolume volume, FileReference reference, string stream)
    {
        _volume = volume;
        Reference = reference;
        Stream = stream;
    }

    /// <summary>The file.</summary>
    public FileReference Reference { get; }

    /// <summary>The stream; "" is the unnamed one.</summary>
    public string Stream { get; }

    /// <summary>Unmaps it. Doing so again does nothing.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            _volume.Unmap(this);
        }
    }

    internal bool IsOf(string stream) => Stream.Equals(stream, StringComparison.OrdinalIgnoreCase);
}
