namespace Harness.Simulator.FileSystem.Opening;

/// <summary>
/// Numbers for open handles whose owner asked for one, so that IFileStreamFactory can take an IntPtr or SafeFileHandle. They
/// lie above the descriptors that a process comes to, and below the largest that SafeFileHandle takes. Any thread.
/// </summary>
internal sealed class HandleNumbers
{
    private const long First = 0x5349_4D00; // "SIM"

    private readonly Lock _gate = new();
    private readonly Dictionary<nint, FileHandle> _handles = [];
    private readonly Dictionary<FileHandle, nint> _numbers = [];
    private long _next = First;

    public nint Of(FileHandle handle)
    {
        lock (_gate)
        {
            if (!_numbers.TryGetValue(handle, out var number))
            {
                number = (nint)(_next += 4);
                _numbers.Add(handle, number);
                _handles.Add(number, handle);
            }

            return number;
        }
    }

    public FileHandle? Find(nint number)
    {
        lock (_gate)
        {
            return _handles.GetValueOrDefault(number);
        }
    }

    public void Forget(FileHandle handle)
    {
        lock (_gate)
        {
            if (_numbers.Remove(handle, out var number))
            {
                _handles.Remove(number);
            }
        }
    }
}
