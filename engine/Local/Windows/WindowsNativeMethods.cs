using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Windows;

/// <summary>
/// The calls of kernel32 and advapi32 that .NET does not offer, as the Windows SDK documents them. Callers take the error number
/// with <see cref="Marshal.GetLastPInvokeError"/>. Untested: no Windows machine has run them yet.
/// </summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WindowsNativeMethods
{
    internal const uint GenericRead = 0x80000000;
    internal const uint ReadAttributes = 0x80;
    internal const uint ReadControl = 0x20000;
    internal const uint ShareAll = 7;
    internal const uint OpenExisting = 3;

    /// <summary>FILE_FLAG_BACKUP_SEMANTICS and FILE_FLAG_OPEN_REPARSE_POINT: directories too, and links themselves.</summary>
    internal const uint BackupAndReparse = 0x02000000 | 0x00200000;

    /// <summary>FSCTL_GET_REPARSE_POINT.</summary>
    internal const uint GetReparsePoint = 0x000900A8;

    /// <summary>FSCTL_QUERY_ALLOCATED_RANGES.</summary>
    internal const uint QueryAllocatedRanges = 0x000940CF;

    /// <summary>FSCTL_GET_COMPRESSION.</summary>
    internal const uint GetCompression = 0x0009003C;

    internal const int FileBasicInfo = 0;
    internal const int ErrorHandleEof = 38;
    internal const int ErrorMoreData = 234;

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    internal static partial SafeFileHandle CreateFile(
        string path, uint access, uint share, IntPtr security, uint disposition, uint flags, IntPtr template);

    [LibraryImport("kernel32", EntryPoint = "GetFileInformationByHandle", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool GetFileInformation(SafeFileHandle handle, FileInformation* information);

    [LibraryImport("kernel32", EntryPoint = "GetFileInformationByHandleEx", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool GetFileInformationEx(SafeFileHandle handle, int kind, void* buffer, uint size);

    [LibraryImport("kernel32", EntryPoint = "DeviceIoControl", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool DeviceIoControl(
        SafeFileHandle handle, uint code, void* input, uint inputBytes, void* output, uint outputBytes, uint* returned, IntPtr overlapped);

    [LibraryImport("kernel32", EntryPoint = "GetCompressedFileSizeW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    internal static partial uint GetCompressedFileSize(string path, uint* high);

    [LibraryImport("kernel32", EntryPoint = "FindFirstStreamW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    internal static partial IntPtr FindFirstStream(string path, int level, FindStreamData* data, uint flags);

    [LibraryImport("kernel32", EntryPoint = "FindNextStreamW", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool FindNextStream(IntPtr search, FindStreamData* data);

    [LibraryImport("kernel32", EntryPoint = "FindClose", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool FindClose(IntPtr search);

    [LibraryImport("advapi32", EntryPoint = "GetKernelObjectSecurity", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool GetSecurity(SafeFileHandle handle, uint parts, void* buffer, uint size, uint* needed);

    /// <summary>BY_HANDLE_FILE_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    internal struct FileInformation
    {
        internal uint Attributes;
        internal long Created;
        internal long Accessed;
        internal long Written;
        internal uint VolumeSerial;
        internal uint SizeHigh;
        internal uint SizeLow;
        internal uint Links;
        internal uint IndexHigh;
        internal uint IndexLow;
    }

    /// <summary>FILE_BASIC_INFO.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct BasicInformation
    {
        internal long Created;
        internal long Accessed;
        internal long Written;
        internal long Changed;
        internal uint Attributes;
    }

    /// <summary>WIN32_FIND_STREAM_DATA: the name is <c>:name:$DATA</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FindStreamData
    {
        internal long Size;
        internal fixed char Name[260 + 36];
    }

    /// <summary>FILE_ALLOCATED_RANGE_BUFFER.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct AllocatedRange
    {
        internal long Offset;
        internal long Length;
    }
}
