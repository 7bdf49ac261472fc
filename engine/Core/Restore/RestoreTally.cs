using Harness.Engine.Backup;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.Restore;

/// <summary>Adds up what one restore does. Logical thread only.</summary>
internal sealed class RestoreTally
{
    public List<FailedItem> Failed { get; } = [];

    public List<string> Kept { get; } = [];

    public List<RestoreNote> Notes { get; } = [];

    public long Files { get; set; }

    public long UnchangedFiles { get; private set; }

    public long Directories { get; set; }

    public long WrittenBytes { get; set; }

    public long ReusedBytes { get; private set; }

    public void AddNotes(string path, IReadOnlyList<string> messages) =>
        Notes.AddRange(messages.Select(message => new RestoreNote(path, message)));

    public void AddWritten(FileJob job, IReadOnlyList<string> notes)
    {
        AddNotes(job.Path, notes);
        Files++;
        WrittenBytes += job.WrittenBytes;
        ReusedBytes += job.ReusedBytes;
    }

    public void AddUnchanged(string path, IReadOnlyList<string> notes)
    {
        AddNotes(path, notes);
        Files++;
        UnchangedFiles++;
    }

    public RestoreReport ToReport(
        Commit commit, string target, VaultTraffic traffic, IReadOnlyList<(string Path, IssueRecord Issue)> found)
    {
        var issues = found.OrderBy(item => item.Path, StringComparer.Ordinal).ToList();
        return new RestoreReport
        {
            RecoveryPoint = commit.Document.Sequence,
            SourceName = commit.Document.Source,
            Target = target,
            Files = Files,
            UnchangedFiles = UnchangedFiles,
            Directories = Directories,
            WrittenBytes = WrittenBytes,
            ReusedBytes = ReusedBytes,
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
                    .Concat(Failed).OrderBy(item => item.Path, StringComparer.Ordinal),
            ],
            Kept = [.. Kept.Order(StringComparer.Ordinal)],
            Notes = [.. Notes.OrderBy(note => note.Path, StringComparer.Ordinal)],
        };
    }
}
