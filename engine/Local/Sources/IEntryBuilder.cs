using Harness.Engine.Local.Linux;
using Harness.Engine.Model;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Sources;

/// <summary>Makes a source entry of what one file system shows of a name.</summary>
internal interface IEntryBuilder : IDisposable
{
    /// <summary>
    /// Builds the entry. Throws <see cref="Errors.SourceReadException"/> when something that decides about it cannot be read.
    /// </summary>
    SourceEntry Build(in EntryContext context);

    /// <summary>A way to find the allocated ranges of a stream that is better than lseek; null when there is none.</summary>
    Func<long, IReadOnlyList<ByteRange>>? GetRangeProvider(SourceEntry entry, SourceStream stream);
}

/// <summary>One listed name with what is known of it.</summary>
/// <param name="Directory">The open directory that holds it; for the root, the root itself.</param>
/// <param name="Name">Name in it; "." for the root.</param>
/// <param name="Path">Path relative to the source.</param>
/// <param name="ParentReference">Inode of the directory.</param>
/// <param name="Status">Status without following links.</param>
/// <param name="IsMountPoint">Whether another file system is mounted there.</param>
internal readonly record struct EntryContext(
    SafeFileHandle Directory, string Name, string Path, ulong ParentReference, FileStatus Status, bool IsMountPoint);
