using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;

namespace Harness.Tests.Oracle;

/// <summary>The simulated side. Its clock runs in a year of its own, so that a time tells whether an operation moved it.</summary>
internal sealed class SimSubject
{
    /// <summary>No time that an operation sets reaches it, and no simulated operation is before it.</summary>
    public static readonly DateTimeOffset Era = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SimClock _clock = new(Era);
    private readonly HashSet<FileReference> _secured = [];
    private readonly HashSet<FileReference> _spoiled = [];
    private readonly HashSet<FileReference> _renamed = [];
    private readonly HashSet<FileReference> _lostStream = [];
    private readonly HashSet<FileReference> _sameSize = [];
    private readonly HashSet<(FileReference File, string Stream)> _rewritten = [];
    private readonly Dictionary<FileReference, (long Created, long Written, long Accessed)> _kept = [];

    // A name that comes again gets no creation time back there (KnownDifferences.Tunnelling).
    public SimSubject() => Volume = new SimVolume(new VolumeSettings { Label = "HARNESS", TunnelSeconds = 0 }, _clock);

    public SimVolume Volume { get; }

    /// <summary>Whether a descriptor was set: what a new file inherits is left out (KNOWN_DIFFERENCES).</summary>
    public bool IsSecured(FileReference file) => _secured.Contains(file);

    /// <summary>Whether the driver may still show a time that was set, whatever moved it since.</summary>
    public bool MayBeKept(FileReference file, Timestamp time) =>
        _kept.TryGetValue(file, out var kept) && time.ToFileTime() is var shown && (shown == kept.Created || shown == kept.Written);

    /// <summary>Whether more was done to a stream than one write from its start (KnownDifferences.CompressedOverwrite).</summary>
    public bool IsRewritten(FileReference file, string stream) => _rewritten.Contains((file, stream));

    /// <summary>Whether a stream of it was deleted (KnownDifferences.StreamDeletionTime).</summary>
    public bool HasLostStream(FileReference file) => _lostStream.Contains(file);

    /// <summary>Whether a stream of it was set to the size that it had (KnownDifferences.SameSizeTime).</summary>
    public bool IsSetToItsSize(FileReference file) => _sameSize.Contains(file);

    /// <summary>Whether a name of it was made or moved, or a stream deleted (KnownDifferences.ArchiveByName).</summary>
    public bool IsRenamed(FileReference file) => _renamed.Contains(file);

    /// <summary>Whether the driver failed in the middle of a write to it (KnownDifferences.CompressedRewriteError).</summary>
    public bool IsSpoiled(string path) => Volume.Find(path.Split(':')[0]) is { } entry && _spoiled.Contains(entry.Reference);

    /// <summary>
    /// Gives a file up whose compressed data the driver failed to rewrite, true when that explains the failure: what it holds
    /// by then nobody knows.
    /// </summary>
    public bool TrySpoil(OracleOperation operation)
    {
        if (operation.Kind is not (OracleKind.Write or OracleKind.Append or OracleKind.Truncate)
            || Volume.Find(operation.Path.Split(':')[0]) is not { } entry
            || !entry.Streams.Any(stream => stream.Flags.HasFlag(StreamFlags.Compressed)))
        {
            return false;
        }

        return _spoiled.Add(entry.Reference);
    }

    /// <summary>Does one operation; the rule in words when the volume refuses it, null when it is done.</summary>
    public string? Apply(OracleOperation operation)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(3));
        try
        {
            var named = operation is { Kind: OracleKind.Rename or OracleKind.Replace or OracleKind.Link }
                or { Kind: OracleKind.Delete, IsStream: true }
                ? Volume.Find(operation.Path.Split(':')[0])?.Reference
                : null;
            Do(operation);
            _ = named is { } file && _renamed.Add(file);
            _ = operation is { Kind: OracleKind.Delete, IsStream: true } && _lostStream.Add(named!.Value);
            return null;
        }
        catch (BackupException error) when (error.Code is ErrorCode.VolumeOperationInvalid or ErrorCode.VolumeFull)
        {
            return error.Message;
        }
    }

    private void Do(OracleOperation operation)
    {
        var path = operation.Path;
        switch (operation.Kind)
        {
            case OracleKind.Create:
                _ = Volume.CreateFile(path);
                break;
            case OracleKind.MakeDirectory:
                _ = Volume.CreateDirectory(path);
                break;
            case OracleKind.Write:
                NoteRewrite(path);
                Volume.Write(path, operation.Offset, OracleValues.Bytes(operation.Value, operation.Length));
                break;
            case OracleKind.Append:
                NoteRewrite(path);
                Volume.Append(path, OracleValues.Bytes(operation.Value, operation.Length));
                break;
            case OracleKind.Truncate:
                NoteRewrite(path);
                Truncate(path, operation.Length);
                break;
            case OracleKind.Delete:
                Volume.Delete(path);
                break;
            case OracleKind.Rename:
                Volume.Rename(path, operation.Target);
                break;
            case OracleKind.Replace:
                Replace(path, operation.Target);
                break;
            case OracleKind.Link:
                Volume.CreateHardLink(operation.Target, path);
                break;
            default:
                SetMetadata(operation);
                break;
        }
    }

    private void Truncate(string path, long length)
    {
        var parts = path.Split(':');
        var entry = Volume.Find(parts[0]);
        var size = entry?.Streams.FirstOrDefault(
            stream => stream.Name.Equals(parts.Length > 1 ? parts[1] : "", StringComparison.OrdinalIgnoreCase))?.SizeBytes;
        Volume.SetEndOfFile(path, length);
        _ = size == length && _sameSize.Add(entry!.Reference);
    }

    private void NoteRewrite(string path)
    {
        var parts = path.Split(':');
        var stream = parts.Length > 1 ? parts[1] : "";
        if (Volume.Find(parts[0]) is { } entry
            && entry.Streams.FirstOrDefault(s => s.Name.Equals(stream, StringComparison.OrdinalIgnoreCase)) is { SizeBytes: > 0 } found)
        {
            _ = _rewritten.Add((entry.Reference, found.Name));
        }
    }

    private void SetMetadata(OracleOperation operation)
    {
        var path = operation.Path;
        switch (operation.Kind)
        {
            case OracleKind.SetAttributes:
                Volume.SetAttributes(path, (FileAttributes)operation.Value);
                break;
            case OracleKind.SetTimes:
                var times = OracleValues.Times(operation.Value);
                var (created, written, accessed) = times;
                Volume.SetTimes(path, new EntryTimes(
                    Timestamp.FromFileTime(created), Timestamp.FromFileTime(written), null, Timestamp.FromFileTime(accessed)));
                _ = _kept.Remove(Volume.Get(path).Reference);
                _ = _sameSize.Remove(Volume.Get(path).Reference);
                if (!OracleValues.ForgetsTimes(operation.Value))
                {
                    _kept.Add(Volume.Get(path).Reference, times);
                }

                break;
            case OracleKind.SetSecurity:
                Volume.SetSecurity(path, new EntrySecurity(SecurityKind.Windows, OracleValues.Security(operation.Value)));
                _ = _secured.Add(Volume.Get(path).Reference);
                break;
            case OracleKind.SetReparse:
                var (tag, data) = OracleValues.Reparse(operation.Value);
                Volume.SetReparsePoint(path, tag, data);
                break;
            case OracleKind.DeleteReparse:
                Volume.DeleteReparsePoint(path);
                break;
            default:
                Volume.SetCompression(path, operation.Kind == OracleKind.Compress);
                break;
        }
    }

    /// <summary>MoveFileEx with MOVEFILE_REPLACE_EXISTING: the old file goes, the new one takes its name.</summary>
    private void Replace(string path, string target)
    {
        if (Volume.Find(path) is { IsDirectory: false } && Volume.Find(target) is { IsDirectory: false } && path != target)
        {
            Volume.Delete(target);
        }

        Volume.Rename(path, target);
    }
}
