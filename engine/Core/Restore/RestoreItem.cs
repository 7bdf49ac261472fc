using Harness.Engine.Model;

namespace Harness.Engine.Restore;

/// <summary>One entry to restore or compare.</summary>
/// <param name="Path">Path within the recovery point, with '/'.</param>
/// <param name="FileReference">Key of its record.</param>
/// <param name="Kind">File or directory.</param>
/// <param name="SizeBytes">Bytes of all its streams.</param>
internal readonly record struct RestoreItem(string Path, ulong FileReference, EntryKind Kind, long SizeBytes)
{
    /// <summary>Of a file that is to be put in order: where its data begins.</summary>
    public FirstData? First { get; init; }
}
