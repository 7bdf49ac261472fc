using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Linux;

/// <summary>
/// The C library calls that .NET does not offer. Structures and constants are those of 64-bit Linux; the few that differ
/// between x64 and arm64 are in <see cref="OpenFlags"/>. Callers check the result at once and take the
/// error number with <see cref="Marshal.GetLastPInvokeError"/>.
/// </summary>
internal static unsafe partial class NativeMethods
{
    internal const int AtSymlinkNoFollow = 0x100;
    internal const int AtRemoveDirectory = 0x200;
    internal const int AtNoAutomount = 0x800;
    internal const int AtEmptyPath = 0x1000;
    internal const int SeekData = 3;
    internal const int SeekHole = 4;
    internal const int LockExclusive = 2;
    internal const int LockNonBlocking = 4;

    private const string LibC = "libc";

    /// <summary>Stands for the current directory where a call takes a directory handle; used with absolute paths.</summary>
    internal static readonly SafeFileHandle AtCurrent = new(new IntPtr(-100), ownsHandle: false);

    [LibraryImport(LibC, EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int OpenAt(SafeFileHandle directory, string path, int flags, uint mode);

    [LibraryImport(LibC, EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    [LibraryImport(LibC, EntryPoint = "dup", SetLastError = true)]
    internal static partial int Duplicate(SafeFileHandle handle);

    [LibraryImport(LibC, EntryPoint = "statx", SetLastError = true)]
    internal static partial int StatX(SafeFileHandle directory, byte* path, int flags, uint mask, StatXBuffer* buffer);

    [LibraryImport(LibC, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int StatX(SafeFileHandle directory, string path, int flags, uint mask, StatXBuffer* buffer);

    [LibraryImport(LibC, EntryPoint = "flock", SetLastError = true)]
    internal static partial int FLock(SafeFileHandle handle, int operation);

    [LibraryImport(LibC, EntryPoint = "fstatfs", SetLastError = true)]
    internal static partial int FStatFs(SafeFileHandle handle, StatFsBuffer* buffer);

    [LibraryImport(LibC, EntryPoint = "fdopendir", SetLastError = true)]
    internal static partial IntPtr OpenDirectoryStream(int descriptor);

    [LibraryImport(LibC, EntryPoint = "readdir", SetLastError = true)]
    internal static partial byte* ReadDirectory(IntPtr stream);

    [LibraryImport(LibC, EntryPoint = "closedir", SetLastError = true)]
    internal static partial int CloseDirectoryStream(IntPtr stream);

    [LibraryImport(LibC, EntryPoint = "lseek", SetLastError = true)]
    internal static partial long Seek(SafeFileHandle handle, long offset, int whence);

    [LibraryImport(LibC, EntryPoint = "pread", SetLastError = true)]
    internal static partial nint PRead(SafeFileHandle handle, byte* buffer, nint count, long offset);

    [LibraryImport(LibC, EntryPoint = "pwrite", SetLastError = true)]
    internal static partial nint PWrite(SafeFileHandle handle, byte* buffer, nint count, long offset);

    [LibraryImport(LibC, EntryPoint = "ftruncate", SetLastError = true)]
    internal static partial int FTruncate(SafeFileHandle handle, long length);

    [LibraryImport(LibC, EntryPoint = "fallocate", SetLastError = true)]
    internal static partial int FAllocate(SafeFileHandle handle, int mode, long offset, long length);

    [LibraryImport(LibC, EntryPoint = "fsync", SetLastError = true)]
    internal static partial int FSync(SafeFileHandle handle);

    [LibraryImport(LibC, EntryPoint = "fchmod", SetLastError = true)]
    internal static partial int FChMod(SafeFileHandle handle, uint mode);

    [LibraryImport(LibC, EntryPoint = "fchown", SetLastError = true)]
    internal static partial int FChOwn(SafeFileHandle handle, uint uid, uint gid);

    [LibraryImport(LibC, EntryPoint = "futimens", SetLastError = true)]
    internal static partial int FUTimeNs(SafeFileHandle handle, TimeSpec* times);

    [LibraryImport(LibC, EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MkDirAt(SafeFileHandle directory, string name, uint mode);

    [LibraryImport(LibC, EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int UnlinkAt(SafeFileHandle directory, string name, int flags);

    [LibraryImport(LibC, EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int RenameAt(SafeFileHandle fromDirectory, string from, SafeFileHandle toDirectory, string to);

    [LibraryImport(LibC, EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int RenameAt2(
        SafeFileHandle fromDirectory, string from, SafeFileHandle toDirectory, string to, uint flags);

    [LibraryImport(LibC, EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LinkAt(SafeFileHandle fromDirectory, string from, SafeFileHandle toDirectory, string to, int flags);

    [LibraryImport(LibC, EntryPoint = "symlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SymLinkAt(string target, SafeFileHandle directory, string name);

    [LibraryImport(LibC, EntryPoint = "readlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint ReadLinkAt(SafeFileHandle directory, string name, byte* buffer, nint size);

    [LibraryImport(LibC, EntryPoint = "lremovexattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LRemoveXAttr(string path, string name);

    [LibraryImport(LibC, EntryPoint = "fgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint FGetXAttr(SafeFileHandle handle, string name, byte* value, nint size);

    [LibraryImport(LibC, EntryPoint = "lgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint LGetXAttr(string path, string name, byte* value, nint size);

    [LibraryImport(LibC, EntryPoint = "fsetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int FSetXAttr(SafeFileHandle handle, string name, byte* value, nint size, int flags);

    [LibraryImport(LibC, EntryPoint = "lsetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LSetXAttr(string path, string name, byte* value, nint size, int flags);

    [LibraryImport(LibC, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int IoCtl(SafeFileHandle handle, nuint request, void* argument);

    /// <summary>struct timespec of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpec
    {
        /// <summary>As <see cref="Nanoseconds"/>: leave this time as it is.</summary>
        internal const long Omit = 0x3ffffffe;

        internal long Seconds;
        internal long Nanoseconds;
    }

    /// <summary>struct statfs of 64-bit Linux (x64 and arm64 agree).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct StatFsBuffer
    {
        internal long Type;
        internal long BlockSize;
        internal ulong Blocks;
        internal ulong FreeBlocks;
        internal ulong AvailableBlocks;
        internal ulong Files;
        internal ulong FreeFiles;
        internal long FsId;
        internal long NameLength;
        internal long FragmentSize;
        internal long Flags;
        internal fixed long Spare[4];
    }
}
