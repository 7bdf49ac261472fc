using Harness.Simulator.Journal;

namespace Harness.Simulator.Volume;

/// <summary>
/// Keeps a file open for the change journal: while any handle is open, reasons accumulate and a record is written for each
/// new one; closing the last writes the close record (MS-FSCC 2.3.62.2). Operations name the file by path as ever. Without
/// a handle an operation opens, changes and closes. The volume's thread only.
/// </summary>
public sealed class VolumeHandle : IDisposable
{
    private readonly SimVolume _volume;
    private bool _closed;

    internal VolumeHandle(SimVolume volume, FileReference reference)
    {
        _volume = volume;
        Reference = reference;
    }

    /// <summary>The file.</summary>
    public FileReference Reference { get; }

    /// <summary>
    /// Who changes the file by this handle (FSCTL_MARK_HANDLE). A record carries what all open handles of its file agree on.
    /// </summary>
    public UsnSourceInfo SourceInfo { get; private set; }

    /// <summary>Marks the handle; marks add up.</summary>
    public void Mark(UsnSourceInfo source)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        SourceInfo |= source;
    }

    /// <summary>Closes it. Closing again does nothing.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            _volume.Close(this);
        }
    }
}
