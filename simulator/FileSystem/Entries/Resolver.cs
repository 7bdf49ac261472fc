using System.Buffers.Binary;
using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Paths;
using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem.Entries;

/// <summary>
/// Finds what a path leads to. Symbolic links and junctions in its middle are followed, at its end when asked; at most 63 of
/// them, as Windows does. Other reparse points are looked through, as their filters do on Windows.
/// </summary>
internal sealed class Resolver(MountTable mounts)
{
    private const int MaxLinks = 63;

    /// <summary>Runs an action on what a full path leads to, within the lock of that volume.</summary>
    public T Run<T>(string fullPath, bool follow, Func<Lookup, T> action)
    {
        var original = Target.Parse(fullPath, mounts);
        var target = original;
        for (var links = 0; target.Error == Win32Error.None; links++)
        {
            if (links > MaxLinks)
            {
                target = target with { Error = Win32Error.CannotResolve };
                break;
            }

            using var scope = target.Session!.Enter();
            var step = Step(target, follow);
            if (step.Redirect is null)
            {
                return action(step.Found with
                {
                    Target = target with { FullPath = fullPath, Stream = original.Stream },
                });
            }

            target = Target.Parse(step.Redirect, mounts) with { Stream = original.Stream };
        }

        return action(new Lookup { Target = target with { FullPath = fullPath }, Path = "", Error = target.Error });
    }

    /// <summary>What a link at a path says it leads to, for people; null when it is none.</summary>
    public static string? LinkTarget(ref readonly FileRecord record) =>
        Data(in record) is { } link ? WithoutPrefix(link.Print.Length > 0 ? link.Print : link.Substitute) : null;

    private static (Lookup Found, string? Redirect) Step(Target target, bool follow)
    {
        var volume = target.Session!.Volume;
        var found = new Lookup { Target = target, Session = target.Session, Path = target.VolumePath };
        if (volume.IsOffline || volume.IsLocked)
        {
            return (found with { Error = volume.IsOffline ? Win32Error.NotReady : Win32Error.LockedVolume }, null);
        }

        if (volume.Locate(found.Path) is { } place)
        {
            ref readonly var record = ref volume.RecordAt(place.Index);
            return follow && Data(in record) is { } link
                ? (found, Follow(target, target.Names.Length, link))
                : (WithStream(found with { Place = place }), null);
        }

        // Something on the way is missing, a file, or a link.
        for (var length = target.Names.Length - 1; length >= 0; length--)
        {
            if (volume.Locate(string.Join('/', target.Names[..length])) is not { } above)
            {
                continue;
            }

            ref readonly var record = ref volume.RecordAt(above.Index);
            if (Data(in record) is { } link)
            {
                return (found, Follow(target, length, link));
            }

            var isLast = length == target.Names.Length - 1 && record.IsDirectory;
            return (found with { Error = isLast ? Win32Error.FileNotFound : Win32Error.PathNotFound }, null);
        }

        return (found with { Error = Win32Error.PathNotFound }, null);
    }

    private static Lookup WithStream(Lookup found)
    {
        ref readonly var record = ref found.Volume.RecordAt(found.Index);
        if (found.Volume.IsDeletePending(found.Place))
        {
            return found with { Error = Win32Error.AccessDenied };
        }

        var missing = found.Stream.Length > 0 && found.Volume.Stream(in record, found.Stream) is null;
        return missing ? found with { Error = Win32Error.FileNotFound } : found;
    }

    /// <summary>The full path with the link, which its first names lead to, replaced by where it points.</summary>
    private static string Follow(Target target, int length, (string Substitute, string Print, bool IsRelative) link)
    {
        var rest = string.Join('\\', target.Names[length..]);
        var directory = target.Root + string.Join('\\', target.Names[..Math.Max(length - 1, 0)]);
        var to = link.IsRelative
            ? FullPaths.Normalize(link.Substitute, directory)
            : WithoutPrefix(link.Substitute);
        return rest.Length == 0 ? to : to.EndsWith('\\') ? to + rest : $@"{to}\{rest}";
    }

    private static string WithoutPrefix(string name) =>
        name.StartsWith(@"\??\UNC\", StringComparison.OrdinalIgnoreCase) ? @"\\" + name[8..]
            : name.StartsWith(@"\??\", StringComparison.Ordinal) ? name[4..]
            : name;

    /// <summary>The names in the data of a symbolic link or mount point (MS-FSCC 2.1.2.4 and 2.1.2.5).</summary>
    private static (string Substitute, string Print, bool IsRelative)? Data(ref readonly FileRecord record)
    {
        if (record.Extra is not { ReparseTag: ReparseTags.SymbolicLink or ReparseTags.MountPoint, ReparseData: { } data } extra)
        {
            return null;
        }

        var header = extra.ReparseTag == ReparseTags.SymbolicLink ? 12 : 8;
        if (data.Length < header)
        {
            return null;
        }

        return (Name(0), Name(4), header == 12 && (data[8] & 1) != 0);

        string Name(int at)
        {
            var from = header + BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(at));
            var length = BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(at + 2));
            return from + length > data.Length ? "" : System.Text.Encoding.Unicode.GetString(data, from, length);
        }
    }
}
