using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Restore;
using Harness.Engine.Rules;
using Harness.Engine.State;

namespace Harness.Engine.Verify;

/// <summary>Goes through a source once and lays each entry beside its record. Logical thread only.</summary>
/// <param name="services">What the job runs on.</param>
/// <param name="keys">Of the vault.</param>
/// <param name="request">What is asked for.</param>
/// <param name="profile">Rules, with what the recovery point sets aside of them.</param>
/// <param name="state">The recovery point.</param>
/// <param name="selection">What is compared.</param>
internal sealed class VerifyRun(
    EngineServices services, KeyRing keys, VerifyRequest request, RuleProfile profile, SourceState state, RestoreSelection selection)
{
    private readonly ContentComparison _content = new(services, keys, state);
    private readonly ReferenceSet _found = new();
    private readonly LinkComparison _links = new();

    public List<SourceDifference> Differences { get; } = [];

    public List<FailedItem> Failed { get; } = [.. selection.Refused];

    public long Files { get; private set; }

    public long Directories { get; private set; }

    public long ReadBytes => _content.ReadBytes;

    /// <summary>Compares everything; afterwards the lists are complete.</summary>
    /// <param name="snapshot">The source.</param>
    /// <param name="leftOut">Paths that the recovery point itself lists as skipped or failed.</param>
    /// <param name="cancellationToken">Ends it between two entries.</param>
    public async ValueTask RunAsync(ISnapshot snapshot, HashSet<string> leftOut, CancellationToken cancellationToken)
    {
        long totalBytes = 0;
        await foreach (var item in selection.ItemsAsync(cancellationToken))
        {
            totalBytes += item.SizeBytes;
        }

        try
        {
            await foreach (var item in snapshot.EnumerateAsync(cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (item.Error is { } error)
                {
                    Fail(error);
                    continue;
                }

                await AddAsync(snapshot, item.Entry!, leftOut, cancellationToken);
                services.Progress.Advance(ReadBytes, totalBytes, Files);
            }

            Differences.AddRange(await _content.FinishAsync());
        }
        finally
        {
            await _content.DrainAsync();
        }

        await foreach (var item in selection.ItemsAsync(cancellationToken))
        {
            if ((!_found.Contains(item.FileReference) || _links.LacksName(item.FileReference, item.Path)) && IsReallyMissing(item.Path))
            {
                Differences.Add(new SourceDifference(
                    item.Path, "missing-in-source", "the recovery point holds it and the source does not"));
            }
        }
    }

    private async ValueTask AddAsync(
        ISnapshot snapshot, SourceEntry entry, HashSet<string> leftOut, CancellationToken cancellationToken)
    {
        var plan = EntryPlan.For(profile, entry);
        if (await selection.FindAsync(entry.Path, cancellationToken) is not { } item)
        {
            if (IsAskedFor(entry.Path) && !leftOut.Contains(entry.Path) && !plan.IsSkipped)
            {
                Differences.Add(new SourceDifference(
                    entry.Path, "not-in-recovery-point", "the source holds it and the recovery point does not"));
            }

            return;
        }

        _found.Add(item.FileReference);
        if (plan.RecordKind != item.Kind)
        {
            Differences.Add(new SourceDifference(
                entry.Path, "kind", $"{Word(item.Kind)} in the recovery point, {Word(plan.RecordKind)} in the source"));
            return;
        }

        var record = (await state.FindEntryAsync(item.FileReference, cancellationToken))!;
        if (record.Names.Count > 0)
        {
            var (isKnown, difference) = _links.Add(record, entry);
            Differences.AddRange(difference is null ? [] : [difference]);
            if (isKnown)
            {
                Files++;
                return;
            }
        }

        Differences.AddRange(MetadataComparison.Of(record, entry));
        Differences.AddRange(LinkComparison.Of(record, entry));
        if (record.Reparse is null)
        {
            // What lies behind a reparse point is not protected.
            await AddStreamsAsync(snapshot, record, entry, leftOut, cancellationToken);
        }

        Files += entry.Kind == EntryKind.File ? 1 : 0;
        Directories += entry.Kind == EntryKind.Directory ? 1 : 0;
    }

    private async ValueTask AddStreamsAsync(
        ISnapshot snapshot, EntryRecord record, SourceEntry entry, HashSet<string> leftOut, CancellationToken cancellationToken)
    {
        foreach (var stream in entry.Streams.Where(stream => record.FindStream(stream.Name) is null))
        {
            var path = NameOf(entry.Path, stream.Name);
            if (!leftOut.Contains(path))
            {
                Differences.Add(new SourceDifference(path, "streams", "the source holds this stream and the recovery point does not"));
            }
        }

        foreach (var expected in record.Streams)
        {
            var path = NameOf(entry.Path, expected.Name);
            if (entry.Streams.FirstOrDefault(stream => stream.Name == expected.Name) is not { } stream)
            {
                Differences.Add(new SourceDifference(path, "streams", "the recovery point holds this stream and the source does not"));
            }
            else if (expected.RawSizeBytes is null != stream.RawSizeBytes is null)
            {
                Differences.Add(new SourceDifference(path, "encryption", "one is raw ciphertext and the other is not"));
            }
            else if (expected.ContentBytes != stream.ReadableBytes || expected.SizeBytes != stream.SizeBytes)
            {
                Differences.Add(new SourceDifference(
                    path, "size", $"{expected.SizeBytes} bytes in the recovery point, {stream.SizeBytes} in the source"));
            }
            else if (expected.ContentBytes > 0)
            {
                await CompareAsync(snapshot, path, record, expected, entry, stream, cancellationToken);
            }
        }
    }

    private async ValueTask CompareAsync(
        ISnapshot snapshot,
        string path,
        EntryRecord record,
        StreamRecord expected,
        SourceEntry entry,
        SourceStream stream,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var reader = await snapshot.OpenAsync(entry, stream, cancellationToken);
            await _content.AddAsync(path, record, expected, reader, cancellationToken);
            if (!await reader.IsUnchangedAsync(cancellationToken))
            {
                throw new SourceReadException(path, SourceFault.ChangedWhileRead, $"'{path}' changed while it was compared.");
            }
        }
        catch (SourceReadException error)
        {
            Fail(error);
        }
    }

    private void Fail(SourceReadException error) =>
        Failed.Add(Failures.ToItem(error, profile.GetClause(Failures.OrdinaryClause)));

    /// <summary>What lies in a directory that could not be listed was not looked for.</summary>
    private bool IsReallyMissing(string path) => !Failed.Any(item =>
        item.Path == path || item.Path.Length == 0 || path.StartsWith(item.Path + "/", StringComparison.Ordinal));

    private bool IsAskedFor(string path) => request.Paths.Count == 0 || request.Paths.Any(wanted =>
        wanted.Replace('\\', '/').Trim('/') is var folded && (folded.Length == 0 || path.StartsWith(folded + "/", StringComparison.Ordinal)));

    private static string NameOf(string path, string stream) => stream.Length == 0 ? path : $"{path}:{stream}";

    private static string Word(EntryKind kind) => kind switch
    {
        EntryKind.Directory => "a directory",
        EntryKind.SymbolicLink => "a link",
        EntryKind.File => "a file",
        _ => "a special file",
    };
}
