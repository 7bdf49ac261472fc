using System.Text;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Linux;

/// <summary>Lists one directory with the full status of each entry: one statx a name, no path ever built.</summary>
internal static unsafe class DirectoryReader
{
    private const int NameOffset = 19;

    /// <summary>
    /// Reads the whole directory, "." and ".." left out, in the order of the file system. Returns 0, or the error number
    /// that ended the reading early.
    /// </summary>
    internal static int Read(SafeFileHandle directory, List<DirectoryItem> items)
    {
        var copy = NativeMethods.Duplicate(directory);
        if (copy < 0)
        {
            return Errno.Last;
        }

        var stream = NativeMethods.OpenDirectoryStream(copy);
        if (stream == IntPtr.Zero)
        {
            var errno = Errno.Last;
            _ = NativeMethods.Close(copy);
            return errno;
        }

        try
        {
            while (true)
            {
                // The generated stub clears errno first, so that the end and an error can be told apart.
                var entry = NativeMethods.ReadDirectory(stream);
                if (entry == null)
                {
                    return Errno.Last;
                }

                var name = entry + NameOffset;
                if (!IsDots(name))
                {
                    items.Add(Describe(directory, name));
                }
            }
        }
        finally
        {
            _ = NativeMethods.CloseDirectoryStream(stream);
        }
    }

    private static bool IsDots(byte* name) =>
        name[0] == (byte)'.' && (name[1] == 0 || (name[1] == (byte)'.' && name[2] == 0));

    private static DirectoryItem Describe(SafeFileHandle directory, byte* name)
    {
        var bytes = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name);
        if (!Utf8.IsValid(bytes))
        {
            return new DirectoryItem(EscapeInvalid(bytes), default, Errno.IllegalSequence);
        }

        var text = Encoding.UTF8.GetString(bytes);
        return FileStatus.TryGet(directory, name, out var status)
            ? new DirectoryItem(text, status, 0)
            : new DirectoryItem(text, default, Errno.Last);
    }

    /// <summary>Shows a name that is not UTF-8 so that each byte of it can be seen: what is not ASCII becomes \xHH.</summary>
    private static string EscapeInvalid(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length * 2);
        foreach (var value in bytes)
        {
            _ = value is > 0x1f and < 0x7f and not (byte)'\\' ? text.Append((char)value) : text.Append($"\\x{value:x2}");
        }

        return text.ToString();
    }
}

/// <summary>One name of a directory.</summary>
/// <param name="Name">The name; escaped for people when it is not UTF-8.</param>
/// <param name="Status">Its status; only when <paramref name="Error"/> is 0.</param>
/// <param name="Error">0, or the error number met; EILSEQ for a name that is not UTF-8.</param>
internal sealed record DirectoryItem(string Name, FileStatus Status, int Error);
