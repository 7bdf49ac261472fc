using Harness.Engine.Errors;
using Harness.Engine.Model;

namespace Harness.Engine.Ports;

/// <summary>
/// Where a restore writes. Paths are relative with '/', already checked by the engine to hold no "." or ".." component; the
/// target still refuses (TargetEscape) to follow anything that leads outside. Called from one logical thread, which does not wait
/// for everything: several <see cref="WriteFilesAsync"/> may be under way beside it, and several writers, each at one call. Paths
/// that a target could take for one are never under way at once.
/// </summary>
public interface IRestoreTarget
{
    /// <summary>The target for people.</summary>
    string DisplayName { get; }

    /// <summary>Creates the target root if absent; says whether it held anything before. TargetNotWritable when unusable.</summary>
    ValueTask<bool> PrepareAsync(CancellationToken cancellationToken);

    /// <summary>What is at a path now, or null. Does not follow links.</summary>
    ValueTask<EntryKind?> ProbeAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// Identity of what is at a path, or null when nothing is: two paths that lead to one thing, because the target folds
    /// case or makes short names, have the same. Does not follow links.
    /// </summary>
    ValueTask<UInt128?> IdentifyAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a stream ("" is the unnamed one) of a file that is there, to compare and to copy what is right already; null
    /// where that is no file, or the target cannot read it.
    /// </summary>
    ValueTask<ISourceReader?> OpenExistingAsync(string path, string stream, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps a file whose streams hold the right bytes already and sets its metadata, as a writer's end would. Null, and nothing
    /// is changed, where the file is not what a writer would have made: other streams or other storage than these, or another
    /// name of it. Returns what the target cannot express, for the report.
    /// </summary>
    ValueTask<IReadOnlyList<string>?> KeepFileAsync(
        string path, RestoreMetadata metadata, IReadOnlyList<RestoreStream> streams, CancellationToken cancellationToken);

    /// <summary>Creates a directory unless it exists; its parent exists.</summary>
    ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// Creates a file, replacing one that is there; its parent exists. The content appears complete or not at all where the
    /// platform can do that.
    /// </summary>
    ValueTask<IRestoreWriter> CreateFileAsync(string path, RestoreMetadata metadata, CancellationToken cancellationToken);

    /// <summary>
    /// Writes small files whole, in this order; what becomes of each is in the answer, and trouble with one stops none of the others.
    /// By itself it does with each what a writer does.
    /// </summary>
    ValueTask<IReadOnlyList<WrittenFile>> WriteFilesAsync(IReadOnlyList<WholeFile> files, CancellationToken cancellationToken) =>
        WholeFiles.WriteEachAsync(this, files, cancellationToken);

    /// <summary>
    /// Makes a reparse point, replacing a file or link that is there; its parent exists. It is never followed. Returns what the
    /// target cannot express of it; PlatformUnsupported where it can have none of the kind.
    /// </summary>
    ValueTask<IReadOnlyList<string>> CreateLinkAsync(
        string path, RestoreMetadata metadata, ReparseContent reparse, CancellationToken cancellationToken) =>
        throw new BackupException(
            ErrorCode.PlatformUnsupported, $"The target takes no reparse point such as '{path}'.", "Restore to an NTFS volume to keep it.");

    /// <summary>
    /// Gives a file that this restore wrote a further name, replacing a file that has it, and sets its times again, since a link
    /// moves them; false where the target has no hard links.
    /// </summary>
    ValueTask<bool> CreateHardLinkAsync(
        string existing, string path, RestoreMetadata metadata, CancellationToken cancellationToken) => ValueTask.FromResult(false);

    /// <summary>
    /// Opens the named streams of a directory that <see cref="CreateDirectoryAsync"/> made. Throws PlatformUnsupported where
    /// directories have none.
    /// </summary>
    ValueTask<IRestoreWriter> OpenDirectoryStreamsAsync(
        string path, RestoreMetadata metadata, CancellationToken cancellationToken);

    /// <summary>
    /// Sets attributes, security and times of a directory, after everything below it was written. Returns what the target
    /// cannot express, for the report; empty when all was set.
    /// </summary>
    ValueTask<IReadOnlyList<string>> FinishDirectoryAsync(
        string path, RestoreMetadata metadata, CancellationToken cancellationToken);
}

/// <summary>Writes one file. Disposing without <see cref="FinishAsync"/> discards it.</summary>
public interface IRestoreWriter : IAsyncDisposable
{
    /// <summary>
    /// Begins a stream ("" is the unnamed one) of a given length; everything not written stays a hole where the target can
    /// express that and <paramref name="traits"/> has Sparse, else zeros. Raw streams get raw bytes.
    /// </summary>
    ValueTask BeginStreamAsync(
        string name, long sizeBytes, long? rawSizeBytes, EntryTraits traits, CancellationToken cancellationToken);

    /// <summary>Writes bytes of the stream begun last; offsets never overlap and ascend.</summary>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>
    /// Sets attributes, security and times and makes the file appear. Returns what the target cannot express, for the report.
    /// </summary>
    ValueTask<IReadOnlyList<string>> FinishAsync(CancellationToken cancellationToken);
}

/// <summary>A stream as it was protected.</summary>
/// <param name="Name">Name; "" is the unnamed one.</param>
/// <param name="SizeBytes">Logical size.</param>
/// <param name="AllocatedBytes">Allocated size at the source.</param>
/// <param name="Traits">How it was stored.</param>
public sealed record RestoreStream(string Name, long SizeBytes, long AllocatedBytes, EntryTraits Traits);

/// <summary>The metadata of an entry as it was protected.</summary>
/// <param name="Kind">File or directory.</param>
/// <param name="Traits">Traits as protected.</param>
/// <param name="Attributes">Windows attribute bits.</param>
/// <param name="Times">Times.</param>
/// <param name="Security">Access control.</param>
/// <param name="EncryptionInfo">The $EFS attribute of a raw encrypted file; else empty.</param>
public sealed record RestoreMetadata(
    EntryKind Kind,
    EntryTraits Traits,
    uint Attributes,
    EntryTimes Times,
    EntrySecurity Security,
    ReadOnlyMemory<byte> EncryptionInfo);
