using Harness.Engine.Errors;

namespace Harness.Engine.Ports;

/// <summary>A small file with all its bytes, which stay as they are until it is written.</summary>
/// <param name="Path">Where to; its parent exists.</param>
/// <param name="Metadata">What to set at the end.</param>
/// <param name="IsNew">Whether nothing may be there: then it replaces nothing, and the answer says so.</param>
/// <param name="Streams">Its streams, in order.</param>
public sealed record WholeFile(string Path, RestoreMetadata Metadata, bool IsNew, IReadOnlyList<WholeStream> Streams);

/// <summary>A stream of a small file.</summary>
/// <param name="Name">Name; "" is the unnamed one.</param>
/// <param name="SizeBytes">Logical size.</param>
/// <param name="RawSizeBytes">Bytes of a raw encrypted stream; null for any other.</param>
/// <param name="Traits">How it was stored; Sparse leaves holes where nothing is written.</param>
/// <param name="Pieces">What to write, ascending.</param>
public sealed record WholeStream(
    string Name, long SizeBytes, long? RawSizeBytes, Model.EntryTraits Traits, IReadOnlyList<(long Offset, ReadOnlyMemory<byte> Bytes)> Pieces);

/// <summary>What became of a small file.</summary>
/// <param name="Notes">What the target cannot express.</param>
/// <param name="Identity">As <see cref="IRestoreTarget.IdentifyAsync"/> would say; null where it was not written.</param>
/// <param name="IsTaken">Whether something was there that was not to be replaced.</param>
/// <param name="Error">Why it was not written.</param>
public readonly record struct WrittenFile(
    IReadOnlyList<string> Notes, UInt128? Identity = null, bool IsTaken = false, BackupException? Error = null);
