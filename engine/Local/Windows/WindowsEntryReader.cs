using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Windows;

/// <summary>Reads one entry of a Windows volume. Untested, as <see cref="WindowsDirectorySource"/> says.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsEntryReader
{
    private const uint SecurityParts = 0x1 | 0x2 | 0x4;
    private const int MaxReparseBytes = 16 * 1024;
    private const int ReparseHeaderBytes = 8;

    public static SourceEntry Read(string fullPath, string path, ulong parent)
    {
        using var handle = Open(fullPath, path, WindowsNativeMethods.ReadAttributes | WindowsNativeMethods.ReadControl);
        WindowsNativeMethods.FileInformation information;
        WindowsNativeMethods.BasicInformation basic;
        if (!WindowsNativeMethods.GetFileInformation(handle, &information)
            || !WindowsNativeMethods.GetFileInformationEx(
                handle, WindowsNativeMethods.FileBasicInfo, &basic, (uint)sizeof(WindowsNativeMethods.BasicInformation)))
        {
            throw Failed(path, "look at");
        }

        var attributes = (FileAttributes)information.Attributes;
        var isDirectory = attributes.HasFlag(FileAttributes.Directory);
        var reparse = attributes.HasFlag(FileAttributes.ReparsePoint) ? ReadReparse(handle, path) : null;
        var reference = ((ulong)information.IndexHigh << 32) | information.IndexLow;
        return new SourceEntry
        {
            Path = path,
            FileReference = reference,
            ParentReference = path.Length == 0 ? reference : parent,
            Kind = isDirectory ? EntryKind.Directory : EntryKind.File,
            Traits = TraitsOf(attributes)
                | (isDirectory ? EntryTraits.Directory : EntryTraits.None)
                | (!isDirectory && information.Links > 1 ? EntryTraits.HardLink : EntryTraits.None)
                | (reparse is null ? EntryTraits.None : EntryTraits.ReparsePoint),
            LinkCount = isDirectory ? 1 : Math.Max(1, information.Links),
            Attributes = information.Attributes,
            ReparseTag = reparse is null ? null : BinaryPrimitives.ReadUInt32LittleEndian(reparse),
            ReparseData = reparse is { Length: > ReparseHeaderBytes } ? reparse.AsMemory(ReparseHeaderBytes) : default,
            Times = new EntryTimes(
                Timestamp.FromFileTime(basic.Created),
                Timestamp.FromFileTime(basic.Written),
                Timestamp.FromFileTime(basic.Changed),
                Timestamp.FromFileTime(basic.Accessed)),
            Security = ReadSecurity(handle),
            Streams = ReadStreams(fullPath, path, attributes),
        };
    }

    internal static SafeFileHandle Open(string fullPath, string path, uint access)
    {
        var handle = WindowsNativeMethods.CreateFile(
            fullPath, access, WindowsNativeMethods.ShareAll, IntPtr.Zero, WindowsNativeMethods.OpenExisting,
            WindowsNativeMethods.BackupAndReparse, IntPtr.Zero);
        return handle.IsInvalid ? throw Failed(path, "open") : handle;
    }

    internal static SourceReadException Failed(string path, string doing)
    {
        var error = Marshal.GetLastPInvokeError();
        var fault = error switch
        {
            2 or 3 => SourceFault.Vanished,
            5 => SourceFault.AccessDenied,
            32 or 33 => SourceFault.Locked,
            123 or 206 => SourceFault.NameInvalid,
            _ => SourceFault.ReadError,
        };
        return new SourceReadException(path, fault, $"Cannot {doing} '{path}': {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private static EntryTraits TraitsOf(FileAttributes attributes) =>
        (attributes.HasFlag(FileAttributes.Encrypted) ? EntryTraits.Encrypted : EntryTraits.None)
        | (attributes.HasFlag(FileAttributes.Compressed) ? EntryTraits.Compressed : EntryTraits.None)
        | (attributes.HasFlag(FileAttributes.SparseFile) ? EntryTraits.Sparse : EntryTraits.None);

    private static byte[] ReadReparse(SafeFileHandle handle, string path)
    {
        var buffer = new byte[MaxReparseBytes];
        uint returned;
        fixed (byte* start = buffer)
        {
            return WindowsNativeMethods.DeviceIoControl(
                handle, WindowsNativeMethods.GetReparsePoint, null, 0, start, MaxReparseBytes, &returned, IntPtr.Zero)
                ? buffer[..(int)returned]
                : throw Failed(path, "read the reparse data of");
        }
    }

    private static EntrySecurity ReadSecurity(SafeFileHandle handle)
    {
        uint needed;
        _ = WindowsNativeMethods.GetSecurity(handle, SecurityParts, null, 0, &needed);
        var descriptor = new byte[needed];
        fixed (byte* start = descriptor)
        {
            return needed > 0 && WindowsNativeMethods.GetSecurity(handle, SecurityParts, start, needed, &needed)
                ? new EntrySecurity(SecurityKind.Windows, descriptor)
                : default;
        }
    }

    private static List<SourceStream> ReadStreams(string fullPath, string path, FileAttributes attributes)
    {
        var streams = new List<SourceStream>();
        WindowsNativeMethods.FindStreamData data;
        var search = WindowsNativeMethods.FindFirstStream(fullPath, 0, &data, 0);
        if (search == new IntPtr(-1))
        {
            // A directory without streams, or a file system that has none.
            return attributes.HasFlag(FileAttributes.Directory) || Marshal.GetLastPInvokeError() != WindowsNativeMethods.ErrorHandleEof
                ? streams
                : throw Failed(path, "list the streams of");
        }

        try
        {
            do
            {
                var name = new string(data.Name).Split(':')[1];
                streams.Add(Describe(fullPath, path, name, data.Size, attributes));
            }
            while (WindowsNativeMethods.FindNextStream(search, &data));
        }
        finally
        {
            _ = WindowsNativeMethods.FindClose(search);
        }

        return [.. streams.OrderBy(stream => stream.Name, StringComparer.Ordinal)];
    }

    private static SourceStream Describe(string fullPath, string path, string name, long size, FileAttributes attributes)
    {
        var full = name.Length == 0 ? fullPath : $"{fullPath}:{name}";
        uint high;
        var low = WindowsNativeMethods.GetCompressedFileSize(full, &high);
        var isKnown = low != uint.MaxValue || Marshal.GetLastPInvokeError() == 0;
        return new SourceStream
        {
            Name = name,
            SizeBytes = size,
            AllocatedBytes = isKnown ? ((long)high << 32) | low : size,
            Traits = name.Length == 0 ? TraitsOf(attributes) : NamedTraits(full, $"{path}:{name}", size, attributes),
        };
    }

    /// <summary>The file's attributes speak of its own data; a named stream is asked itself, and is encrypted as its file is.</summary>
    private static EntryTraits NamedTraits(string fullPath, string path, long size, FileAttributes attributes)
    {
        using var handle = Open(fullPath, path, WindowsNativeMethods.GenericRead);
        ushort format;
        uint returned;
        var isCompressed = WindowsNativeMethods.DeviceIoControl(
            handle, WindowsNativeMethods.GetCompression, null, 0, &format, sizeof(ushort), &returned, IntPtr.Zero) && format != 0;
        var ranges = WindowsStreamReader.Ranges(handle, path, size);
        var isSparse = size > 0 && !isCompressed && (ranges.Count != 1 || ranges[0].Length != size);
        return EntryTraits.NamedStream
            | (isCompressed ? EntryTraits.Compressed : EntryTraits.None)
            | (isSparse ? EntryTraits.Sparse : EntryTraits.None)
            | (attributes.HasFlag(FileAttributes.Encrypted) ? EntryTraits.Encrypted : EntryTraits.None);
    }
}
