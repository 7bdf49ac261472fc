using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.Restore;

/// <summary>
/// Writes the entries of one recovery point: directories first, then files in the order of their data in the vault, then the
/// metadata of directories from the deepest up. Logical thread only.
/// </summary>
internal sealed class RestoreRun(
    EngineServices services, RestoreRequest request, Repository repository, SegmentIndex index, RecordState state) : IDisposable
{
    private const int ReadAheadBytes = 4 << 20;

    private readonly SegmentReader _segments = new(repository, index, ReadAheadBytes);
    private readonly List<FailedItem> _failed = [];
    private readonly List<RestoreNote> _notes = [];
    private readonly List<string> _kept = [];
    private long _files;
    private long _directories;
    private long _writtenBytes;

    public async ValueTask RunAsync(List<RestoreItem> items, CancellationToken cancellationToken)
    {
        var directories = items.Where(item => item.Entry.Kind == EntryKind.Directory)
            .OrderBy(item => item.Path, StringComparer.Ordinal).ToList();
        foreach (var directory in directories.Where(item => item.Path.Length > 0))
        {
            await MakeDirectoryAsync(directory.Path, cancellationToken);
        }

        var files = items.Where(item => item.Entry.Kind == EntryKind.File).OrderBy(FirstPlace).ToList();
        var totalBytes = files.Sum(item => item.Entry.Streams.Sum(stream => stream.SizeBytes));
        long doneBytes = 0;
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await RestoreFileAsync(file, cancellationToken);
            doneBytes += file.Entry.Streams.Sum(stream => stream.SizeBytes);
            services.Progress.Advance(doneBytes, totalBytes, _files);
        }

        for (var i = directories.Count - 1; i >= 0; i--)
        {
            await FinishDirectoryAsync(directories[i], cancellationToken);
        }

        _directories = directories.Count;
    }

    public RestoreReport Report(Commit commit, PathTree tree, VaultTraffic traffic)
    {
        var issues = state.Issues().Select(issue => (Path: tree.PathOf(issue), Issue: issue))
            .OrderBy(item => item.Path, StringComparer.Ordinal).ToList();
        return new RestoreReport
        {
            RecoveryPoint = commit.Document.Sequence,
            SourceName = commit.Document.Source,
            Target = request.Target.DisplayName,
            Files = _files,
            Directories = _directories,
            WrittenBytes = _writtenBytes,
            ReceivedBytes = traffic.ReceivedBytes,
            Requests = traffic.Requests,
            Skipped =
            [
                .. issues.Where(item => !item.Issue.Failed)
                    .Select(item => new SkippedItem(item.Path, item.Issue.Reason, item.Issue.Clause, item.Issue.Status)),
            ],
            Failed =
            [
                .. issues.Where(item => item.Issue.Failed)
                    .Select(item => new FailedItem(item.Path, item.Issue.Reason, item.Issue.Message, item.Issue.Clause))
                    .Concat(_failed).OrderBy(item => item.Path, StringComparer.Ordinal),
            ],
            Kept = [.. _kept.Order(StringComparer.Ordinal)],
            Notes = [.. _notes.OrderBy(note => note.Path, StringComparer.Ordinal)],
        };
    }

    public void Dispose() => _segments.Dispose();

    private async ValueTask MakeDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        if (await request.Target.ProbeAsync(path, cancellationToken) is { } there and not EntryKind.Directory)
        {
            throw new BackupException(
                there == EntryKind.SymbolicLink ? ErrorCode.TargetEscape : ErrorCode.TargetNotWritable,
                $"'{path}' in the restore target is not a directory where the recovery point has one.",
                "Move it away, or restore to another place.");
        }

        await request.Target.CreateDirectoryAsync(path, cancellationToken);
    }

    private async ValueTask RestoreFileAsync(RestoreItem item, CancellationToken cancellationToken)
    {
        var path = await FreePathAsync(item.Path, cancellationToken);
        if (path is null)
        {
            _kept.Add(item.Path);
            return;
        }

        try
        {
            await using var writer = await request.Target.CreateFileAsync(path, MetadataOf(item.Entry), cancellationToken);
            await WriteStreamsAsync(item.Entry, writer, cancellationToken);
            AddNotes(path, await writer.FinishAsync(cancellationToken));
            _files++;
        }
        catch (BackupException error) when (ReasonOf(error.Code) is { } reason)
        {
            var clause = item.Entry.Protection == Rules.Protection.FullOnly ? "file.encrypted" : Failures.OrdinaryClause;
            _failed.Add(new FailedItem(item.Path, reason, error.Message, clause));
        }
    }

    /// <summary>The reason that a report gives for trouble with one file; null for what ends the restore.</summary>
    private static string? ReasonOf(ErrorCode code) => code switch
    {
        ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing => "vault-damaged",
        ErrorCode.TargetEntryRefused => "target-refused",
        ErrorCode.TargetEscape => "target-escape",
        _ => null,
    };

    private async ValueTask WriteStreamsAsync(EntryRecord entry, IRestoreWriter writer, CancellationToken cancellationToken)
    {
        foreach (var stream in entry.Streams)
        {
            var traits = stream.Name.Length == 0 ? stream.Traits : stream.Traits | EntryTraits.NamedStream;
            await writer.BeginStreamAsync(stream.Name, stream.SizeBytes, stream.RawSizeBytes, traits, cancellationToken);
            foreach (var extent in state.ExtentsOf(entry, stream))
            {
                await WriteAsync(writer, extent, cancellationToken);
            }
        }
    }

    private async ValueTask WriteAsync(IRestoreWriter writer, Extent extent, CancellationToken cancellationToken)
    {
        if (extent.Kind == ExtentKind.Data)
        {
            await writer.WriteAsync(
                extent.Offset, await ContentReader.BytesOfAsync(extent, _segments, cancellationToken), cancellationToken);
            _writtenBytes += extent.Length;
            return;
        }

        for (var offset = extent.Offset; offset < extent.End; offset += Zeros.Length)
        {
            var length = (int)Math.Min(Zeros.Length, extent.End - offset);
            await writer.WriteAsync(offset, Zeros.AsMemory(0, length), cancellationToken);
            _writtenBytes += length;
        }
    }

    private async ValueTask FinishDirectoryAsync(RestoreItem item, CancellationToken cancellationToken)
    {
        var metadata = MetadataOf(item.Entry);
        if (item.Entry.Streams.Count > 0)
        {
            try
            {
                await using var writer = await request.Target.OpenDirectoryStreamsAsync(item.Path, metadata, cancellationToken);
                await WriteStreamsAsync(item.Entry, writer, cancellationToken);
                AddNotes(item.Path, await writer.FinishAsync(cancellationToken));
            }
            catch (BackupException error) when (error.Code == ErrorCode.PlatformUnsupported)
            {
                _notes.Add(new RestoreNote(item.Path, error.Message));
            }
            catch (BackupException error) when (ReasonOf(error.Code) is { } reason)
            {
                _failed.Add(new FailedItem(item.Path, reason, error.Message, Failures.OrdinaryClause));
            }
        }

        AddNotes(item.Path, await request.Target.FinishDirectoryAsync(item.Path, metadata, cancellationToken));
    }

    /// <summary>Where a file may be written; null when what is there stays.</summary>
    private async ValueTask<string?> FreePathAsync(string path, CancellationToken cancellationToken)
    {
        var there = await request.Target.ProbeAsync(path, cancellationToken);
        if (there is null)
        {
            return path;
        }

        switch (request.OnCollision)
        {
            case CollisionPolicy.Skip:
                return null;
            case CollisionPolicy.Overwrite when there != EntryKind.Directory:
                return path;
            default:
                return await CopyPathAsync(path, cancellationToken);
        }
    }

    private async ValueTask<string> CopyPathAsync(string path, CancellationToken cancellationToken)
    {
        var slash = path.LastIndexOf('/') + 1;
        var dot = path.LastIndexOf('.');
        var (stem, extension) = dot > slash ? (path[..dot], path[dot..]) : (path, "");
        for (var number = 1; number < 10_000; number++)
        {
            var candidate = $"{stem} (copy {number}){extension}";
            if (await request.Target.ProbeAsync(candidate, cancellationToken) is null)
            {
                return candidate;
            }
        }

        throw new BackupException(
            ErrorCode.TargetNotWritable, $"No free name for a copy of '{path}' was found.", "Clear the restore target.");
    }

    /// <summary>Files in the order of their first segment are read from the vault front to back.</summary>
    private (Hash256 Pack, uint Offset) FirstPlace(RestoreItem item)
    {
        foreach (var stream in item.Entry.Streams)
        {
            foreach (var extent in state.ExtentsOf(item.Entry, stream))
            {
                if (extent.Kind == ExtentKind.Data && index.Find(extent.Segment!.Id) is { } location)
                {
                    return (location.Pack.Hash, location.Record.Offset);
                }
            }
        }

        return default;
    }

    private void AddNotes(string path, IReadOnlyList<string> messages) =>
        _notes.AddRange(messages.Select(message => new RestoreNote(path, message)));

    private static RestoreMetadata MetadataOf(EntryRecord entry) =>
        new(entry.Kind, entry.Traits, entry.Attributes, entry.Times, entry.Security, entry.EncryptionInfo);

    private static readonly byte[] Zeros = new byte[FormatLimits.RangeBytes];
}
