using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Linux;

/// <summary>The mount that an open directory lies on, as /proc/self/mountinfo tells it.</summary>
/// <param name="FileSystemType">Type as the kernel names it, such as <c>ext4</c>, <c>fuseblk</c>, <c>fuse.sshfs</c>.</param>
/// <param name="Source">Device, image or share behind it.</param>
/// <param name="DeviceNumber">major:minor.</param>
/// <param name="IsReadOnly">Whether the mount or the file system is read-only.</param>
internal sealed record MountPoint(string FileSystemType, string Source, string DeviceNumber, bool IsReadOnly)
{
    /// <summary>Finds the mount of a handle; null when /proc is not there.</summary>
    internal static MountPoint? Of(SafeFileHandle handle)
    {
        try
        {
            var descriptor = (int)handle.DangerousGetHandle();
            var id = File.ReadLines($"/proc/self/fdinfo/{descriptor}")
                .Where(line => line.StartsWith("mnt_id:", StringComparison.Ordinal))
                .Select(line => line["mnt_id:".Length..].Trim())
                .FirstOrDefault();
            return id is null
                ? null
                : File.ReadLines("/proc/self/mountinfo").Select(line => Parse(line, id)).FirstOrDefault(m => m is not null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether the disk says of itself that its medium can be taken out. Best effort: false when unknown.</summary>
    internal bool IsRemovable()
    {
        try
        {
            var link = $"/sys/dev/block/{DeviceNumber}";
            var device = new DirectoryInfo(link).ResolveLinkTarget(returnFinalTarget: true)?.FullName;

            // A partition has no such file; the disk that holds it has.
            return device is not null
                && new[] { device, Path.GetDirectoryName(device)! }
                    .Select(folder => Path.Combine(folder, "removable"))
                    .Where(File.Exists)
                    .Select(file => File.ReadAllText(file).Trim() == "1")
                    .FirstOrDefault();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // 36 35 98:0 /part /mount rw,noatime shared:1 - ext3 /dev/sda1 rw,errors=continue
    private static MountPoint? Parse(string line, string id)
    {
        var fields = line.Split(' ');
        var dash = Array.IndexOf(fields, "-", 6);
        if (fields[0] != id || dash < 0 || dash + 3 >= fields.Length)
        {
            return null;
        }

        var isReadOnly = fields[5].Split(',').Contains("ro", StringComparer.Ordinal)
            || fields[dash + 3].Split(',').Contains("ro", StringComparer.Ordinal);
        return new MountPoint(Unescape(fields[dash + 1]), Unescape(fields[dash + 2]), fields[2], isReadOnly);
    }

    // The kernel writes space, tab, newline and backslash as \ooo.
    private static string Unescape(string field)
    {
        var text = new StringBuilder(field.Length);
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length)
            {
                _ = text.Append((char)Convert.ToInt32(field.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                _ = text.Append(field[i]);
            }
        }

        return text.ToString();
    }
}
