using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Linux;

/// <summary>Opening, positioned reading and writing, and extended attributes, with EINTR dealt with.</summary>
internal static unsafe class LinuxFile
{
    /// <summary>Opens a name in a directory; null leaves the reason in <see cref="Errno.Last"/>.</summary>
    internal static SafeFileHandle? TryOpen(SafeFileHandle directory, string name, int flags, uint mode = 0)
    {
        int descriptor;
        do
        {
            descriptor = NativeMethods.OpenAt(directory, name, flags | OpenFlags.CloseOnExec, mode);
        }
        while (descriptor < 0 && Errno.Last == Errno.Interrupted);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Opens a directory for listing, never through a symbolic link in the last component.</summary>
    internal static SafeFileHandle? TryOpenDirectory(SafeFileHandle directory, string name) =>
        TryOpen(directory, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow | OpenFlags.NonBlocking);

    /// <summary>
    /// Opens a regular file for reading without moving its access time where that is allowed (owner or root), never through
    /// a link and never waiting for the other end of a pipe.
    /// </summary>
    internal static SafeFileHandle? TryOpenForReading(SafeFileHandle directory, string name)
    {
        var flags = OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking;
        var handle = TryOpen(directory, name, flags | OpenFlags.NoAccessTime);
        return handle is null && Errno.Last == Errno.Perm ? TryOpen(directory, name, flags) : handle;
    }

    /// <summary>Reads until the buffer is full or the file ends; a negative result is the error number.</summary>
    internal static int Read(SafeFileHandle handle, long offset, Span<byte> buffer)
    {
        var done = 0;
        fixed (byte* start = buffer)
        {
            while (done < buffer.Length)
            {
                var count = NativeMethods.PRead(handle, start + done, buffer.Length - done, offset + done);
                if (count < 0)
                {
                    if (Errno.Last == Errno.Interrupted)
                    {
                        continue;
                    }

                    return -Errno.Last;
                }

                if (count == 0)
                {
                    break;
                }

                done += (int)count;
            }
        }

        return done;
    }

    /// <summary>Writes the whole buffer; returns 0 or the error number.</summary>
    internal static int Write(SafeFileHandle handle, long offset, ReadOnlySpan<byte> content)
    {
        var done = 0;
        fixed (byte* start = content)
        {
            while (done < content.Length)
            {
                var count = NativeMethods.PWrite(handle, start + done, content.Length - done, offset + done);
                if (count < 0)
                {
                    if (Errno.Last == Errno.Interrupted)
                    {
                        continue;
                    }

                    return Errno.Last;
                }

                done += (int)count;
            }
        }

        return 0;
    }

    /// <summary>First hole at or after an offset; the length of the file when there is none; negative error number.</summary>
    internal static long FindHole(SafeFileHandle handle, long offset)
    {
        var result = NativeMethods.Seek(handle, offset, NativeMethods.SeekHole);
        return result < 0 ? -Errno.Last : result;
    }

    /// <summary>First data at or after an offset; -ENXIO when only a hole follows; negative error number.</summary>
    internal static long FindData(SafeFileHandle handle, long offset)
    {
        var result = NativeMethods.Seek(handle, offset, NativeMethods.SeekData);
        return result < 0 ? -Errno.Last : result;
    }

    /// <summary>
    /// Reads an extended attribute of a path without following links; null leaves the reason in <see cref="Errno.Last"/>.
    /// Mostly one call; a larger value is asked for by size, since ntfs-3g answers EIO to a buffer that is too small.
    /// </summary>
    internal static byte[]? TryGetAttribute(string path, string name)
    {
        const int firstBytes = 1024;
        var first = stackalloc byte[firstBytes];
        var count = NativeMethods.LGetXAttr(path, name, first, firstBytes);
        if (count >= 0)
        {
            return new Span<byte>(first, (int)count).ToArray();
        }

        // The value can grow between asking and reading, hence more than one attempt.
        for (var attempt = 0; attempt < 4 && Errno.Last is (Errno.Range or Errno.IO or Errno.TooBig); attempt++)
        {
            var size = NativeMethods.LGetXAttr(path, name, null, 0);
            if (size <= 0)
            {
                return size == 0 ? [] : null;
            }

            var value = new byte[size];
            fixed (byte* start = value)
            {
                count = NativeMethods.LGetXAttr(path, name, start, size);
            }

            if (count >= 0)
            {
                return value[..(int)count];
            }
        }

        return null;
    }

    /// <summary>Reads an extended attribute of a small fixed size in one call; false when absent or of another size.</summary>
    internal static bool TryGetFixedAttribute(string path, string name, Span<byte> value)
    {
        fixed (byte* start = value)
        {
            return NativeMethods.LGetXAttr(path, name, start, value.Length) == value.Length;
        }
    }

    /// <summary>Whether an open file has an extended attribute.</summary>
    internal static bool HasAttribute(SafeFileHandle handle, string name) =>
        NativeMethods.FGetXAttr(handle, name, null, 0) >= 0;

    /// <summary>Sets an extended attribute of a path without following links; returns 0 or the error number.</summary>
    internal static int SetAttribute(string path, string name, ReadOnlySpan<byte> value)
    {
        fixed (byte* start = value)
        {
            return NativeMethods.LSetXAttr(path, name, start, value.Length, 0) == 0 ? 0 : Errno.Last;
        }
    }

    /// <summary>Sets an extended attribute of an open file; returns 0 or the error number.</summary>
    internal static int SetAttribute(SafeFileHandle handle, string name, ReadOnlySpan<byte> value)
    {
        fixed (byte* start = value)
        {
            return NativeMethods.FSetXAttr(handle, name, start, value.Length, 0) == 0 ? 0 : Errno.Last;
        }
    }

    /// <summary>Target of a symbolic link; null leaves the reason in <see cref="Errno.Last"/>.</summary>
    internal static string? TryReadLink(SafeFileHandle directory, string name)
    {
        // PATH_MAX of Linux: no link is longer.
        const int maxBytes = 4096;
        var buffer = stackalloc byte[maxBytes];
        var count = NativeMethods.ReadLinkAt(directory, name, buffer, maxBytes);
        return count < 0 ? null : System.Text.Encoding.UTF8.GetString(buffer, (int)count);
    }

    /// <summary>The path under which the kernel shows an open file: with it path-only calls reach a directory handle's entries.</summary>
    internal static string ProcPath(SafeFileHandle handle) => $"/proc/self/fd/{(int)handle.DangerousGetHandle()}";
}
