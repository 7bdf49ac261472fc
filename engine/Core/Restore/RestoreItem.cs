using Harness.Engine.Format;
using Harness.Engine.Model;

namespace Harness.Engine.Restore;

/// <summary>One entry to restore. Its record stays undecoded until its turn, so that a list of millions stays small.</summary>
/// <param name="Path">Path within the recovery point, with '/'.</param>
/// <param name="FileReference">Key of its record.</param>
/// <param name="Kind">File or directory.</param>
/// <param name="SizeBytes">Bytes of all its streams.</param>
/// <param name="Pack">The pack of its first data; all zero when it has none.</param>
/// <param name="PackOffset">Where in that pack.</param>
internal readonly record struct RestoreItem(
    string Path, ulong FileReference, EntryKind Kind, long SizeBytes, Hash256 Pack, uint PackOffset);
