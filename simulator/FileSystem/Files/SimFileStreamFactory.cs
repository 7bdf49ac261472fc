using System.IO.Abstractions;
using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Opening;
using Microsoft.Win32.SafeHandles;

namespace Harness.Simulator.FileSystem.Files;

/// <summary>
/// Makes streams. The members that take a handle take those of <see cref="SimFileStream.SafeFileHandle"/>, while the stream
/// they came from is open; any other number is no handle here (0x80070006).
/// </summary>
internal sealed class SimFileStreamFactory(SimFileSystem fileSystem) : IFileStreamFactory
{
    private const int DefaultBufferBytes = 4096;

    public Stream Create(string path, FileMode mode) => fileSystem.Open(path, mode, null, FileShare.Read);

    public Stream Create(string path, FileMode mode, FileAccess access) =>
        fileSystem.Open(path, mode, access, FileShare.Read);

    public Stream Create(string path, FileMode mode, FileAccess access, FileShare share) =>
        fileSystem.Open(path, mode, access, share);

    public Stream Create(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize) =>
        fileSystem.Open(path, mode, access, share, FileOptions.None, bufferSize);

    public Stream Create(
        string path, FileMode mode, FileAccess access, FileShare share, int bufferSize, FileOptions options) =>
        fileSystem.Open(path, mode, access, share, options, bufferSize);

    public Stream Create(
        string path, FileMode mode, FileAccess access, FileShare share, int bufferSize, bool useAsync) =>
        fileSystem.Open(path, mode, access, share, useAsync ? FileOptions.Asynchronous : FileOptions.None, bufferSize);

    public Stream Create(SafeFileHandle handle, FileAccess access) => Create(handle, access, DefaultBufferBytes);

    public Stream Create(SafeFileHandle handle, FileAccess access, int bufferSize)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return OnHandle(handle.DangerousGetHandle(), handle.IsInvalid, access, bufferSize, ownsHandle: true);
    }

    public Stream Create(SafeFileHandle handle, FileAccess access, int bufferSize, bool isAsync) =>
        Create(handle, access, bufferSize);

    public Stream Create(IntPtr handle, FileAccess access) => Create(handle, access, ownsHandle: true);

    public Stream Create(IntPtr handle, FileAccess access, bool ownsHandle) =>
        Create(handle, access, ownsHandle, DefaultBufferBytes);

    public Stream Create(IntPtr handle, FileAccess access, bool ownsHandle, int bufferSize) =>
        OnHandle(handle, handle is 0 or -1, access, bufferSize, ownsHandle);

    public Stream Create(IntPtr handle, FileAccess access, bool ownsHandle, int bufferSize, bool isAsync) =>
        Create(handle, access, ownsHandle, bufferSize);

    private SimFileStream OnHandle(nint handle, bool isInvalid, FileAccess access, int bufferSize, bool ownsHandle)
    {
        if (isInvalid)
        {
            throw new ArgumentException("Invalid handle.", nameof(handle));
        }

        if (access is < FileAccess.Read or > FileAccess.ReadWrite)
        {
            throw new ArgumentOutOfRangeException(nameof(access), "Enum value was out of legal range.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(bufferSize);
        var open = fileSystem.Handles.Find(handle) ?? throw WindowsErrors.For(Win32Error.InvalidHandle);
        return new SimFileStream(open, access & open.Access, append: false, ownsHandle);
    }
}
