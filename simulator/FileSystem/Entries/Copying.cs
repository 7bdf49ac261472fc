using Harness.Engine.Model;
using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Watching;
using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem.Entries;

/// <summary>
/// CopyFile: data and named streams, attributes and the write time go along. On one volume the copy shares the extents of its
/// source, so it costs nothing whatever its size.
/// </summary>
internal static class Copying
{
    private const FileAttributes Carried = FileAttributes.ReadOnly | FileAttributes.Hidden | FileAttributes.System
        | FileAttributes.Temporary | FileAttributes.Offline | FileAttributes.NotContentIndexed;

    public static void File(SimFileSystem fileSystem, string source, string destination, bool overwrite)
    {
        var content = fileSystem.Run(source, follow: true, found => Take(found, source));
        fileSystem.Run(destination, follow: true, found => Put(found, content, overwrite));
    }

    private static Content Take(Lookup found, string source)
    {
        found.Require();
        var error = found.IsDirectory && found.Stream.Length == 0 ? Win32Error.AccessDenied
            : found.Target.EndsInSeparator ? Win32Error.InvalidName
            : found.Session!.Opens.Check(
                found.Index, found.Stream, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, deletes: false);
        if (error != Win32Error.None)
        {
            throw WindowsErrors.For(error, source);
        }

        if (found.Stream.Length > 0)
        {
            // CopyFile takes the attributes and streams of a file along, and a stream has none of them.
            throw WindowsErrors.For(Win32Error.InvalidParameter, source);
        }

        ref readonly var record = ref found.Volume.RecordAt(found.Index);
        var main = found.Volume.Stream(in record, found.Stream)!;
        return new Content(
            found.Volume,
            found.Index,
            found.Stream,
            record.Attributes,
            Timestamp.FromFileTime(record.Written),
            main,
            record.Extra?.Streams ?? []);
    }

    private static void Put(Lookup found, Content content, bool overwrite)
    {
        var existed = found.Exists;
        if (existed)
        {
            RequireReplaceable(found, content, overwrite);
        }
        else if (found.Error != Win32Error.FileNotFound)
        {
            throw WindowsErrors.For(found.Error, found.FullPath);
        }

        var volume = found.Volume;
        WindowsErrors.Guard(volume, found.FullPath, () =>
        {
            if (volume.Locate(found.Path) is null)
            {
                volume.CreateFile(found.Path);
            }

            try
            {
                Fill(volume, found, content);
            }
            catch when (!existed)
            {
                volume.Delete(found.Path);
                throw;
            }
        });
        found.Session!.Publish(existed
            ? WatchNotice.Changed(found.Path, false, NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.Attributes)
            : WatchNotice.Created(found.Path, isDirectory: false));
    }

    private static void RequireReplaceable(Lookup found, Content content, bool overwrite)
    {
        if (!overwrite)
        {
            throw WindowsErrors.For(Win32Error.FileExists, found.FullPath);
        }

        if (found.IsDirectory && found.Stream.Length == 0)
        {
            // .NET puts the bare Win32 code into the HResult here.
            throw new IOException($"The target file '{found.FullPath}' is a directory, not a file.", (int)Win32Error.AccessDenied);
        }

        var isItself = ReferenceEquals(content.Volume, found.Volume) && content.Index == found.Index
            && content.Stream.Equals(found.Stream, StringComparison.OrdinalIgnoreCase);
        var error = isItself ? Win32Error.SharingViolation
            : found.Has(FileAttributes.ReadOnly | FileAttributes.Hidden) ? Win32Error.AccessDenied
            : found.Session!.Opens.Check(found.Index, found.Stream, FileAccess.Write, FileShare.None, deletes: false);
        if (error != Win32Error.None)
        {
            throw WindowsErrors.For(error, found.FullPath);
        }
    }

    private static void Fill(SimVolume volume, Lookup found, Content content)
    {
        var index = volume.Locate(found.Path)!.Value.Index;
        var target = found.Stream.Length == 0 ? found.Path : $"{found.Path}:{found.Stream}";
        if (found.Stream.Length == 0)
        {
            foreach (var stream in volume.RecordAt(index).Extra?.Streams ?? [])
            {
                volume.Delete($"{found.Path}:{stream.Name}");
            }

            if ((content.Attributes & FileAttributes.Encrypted) != FileAttributes.None)
            {
                volume.Encrypt(found.Path);
            }

            if (content.Main.Is(StreamFlags.Sparse))
            {
                volume.SetSparse(found.Path);
            }
        }

        CopyStream(content, content.Main, volume, index, found.Stream, target);
        foreach (var stream in content.Streams)
        {
            CopyStream(content, stream.State, volume, index, stream.Name, $"{found.Path}:{stream.Name}");
        }

        volume.SetTimes(found.Path, new EntryTimes(null, content.Written, null, null));
        if (found.Stream.Length == 0)
        {
            volume.SetAttributes(found.Path, (content.Attributes & Carried) | FileAttributes.Archive);
        }
    }

    private static void CopyStream(
        Content content, StreamState state, SimVolume volume, uint index, string stream, string target)
    {
        if (ReferenceEquals(content.Volume, volume))
        {
            volume.CloneAt(index, stream, state);
            return;
        }

        if (stream.Length > 0 && volume.Stream(in volume.RecordAt(index), stream) is null)
        {
            volume.CreateStream(target);
        }

        volume.SetEndOfFile(target, 0);
        volume.SetEndOfFile(target, state.Size);
        foreach (var extent in content.Volume.ExtentsOf(state, 0, state.Size))
        {
            if (extent.Kind != ExtentKind.Hole)
            {
                volume.WriteExtentOf(target, extent);
            }
        }
    }

    private sealed record Content(
        SimVolume Volume,
        uint Index,
        string Stream,
        FileAttributes Attributes,
        Timestamp Written,
        StreamState Main,
        NamedStream[] Streams);
}
