using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// Goes through the whole snapshot: what is listed is compared with the state before, what is not listed is gone. Logical
/// thread only.
/// </summary>
internal sealed class SourceScan(BackupContext context, EntryPipeline pipeline)
{
    private readonly ReferenceSet _directories = new();
    private ulong? _root;

    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var item in context.Snapshot.EnumerateAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (item.Error is { } error)
            {
                await context.Findings.AddFailedAsync(error, _root ?? 0);
            }
            else
            {
                await AddAsync(EntryPlan.For(context.Profile, item.Entry!), cancellationToken);
            }
        }

        if (_root is null)
        {
            throw new BackupException(
                ErrorCode.SourceVanished,
                "The root of the source could not be read. No recovery point was made; earlier ones are intact.",
                "Make the source available to this user and run again.");
        }

        await pipeline.FinishAsync(cancellationToken);
        await DeleteRestAsync(cancellationToken);
    }

    private async ValueTask AddAsync(EntryPlan plan, CancellationToken cancellationToken)
    {
        var hasDirectory = _directories.Contains(plan.Entry.ParentReference);
        if (plan.IsSkipped)
        {
            await (hasDirectory ? context.Findings.AddSkippedAsync(plan) : context.Findings.AddSkippedAsync(plan, _root ?? 0));
            return;
        }

        if (plan.Entry.Path.Length == 0)
        {
            _root = plan.Entry.FileReference;
        }

        if (Places.WhyNone(plan.Entry, hasDirectory) is { } error)
        {
            await context.Findings.AddFailedAsync(error, _root ?? 0, plan.Verdict.Clause);
            return;
        }

        if (plan.IsDirectory)
        {
            _directories.Add(plan.Entry.FileReference);
        }

        await pipeline.AddAsync(plan, changes: null, cancellationToken);
    }

    /// <summary>Deletes what the state before has and the listing has not.</summary>
    private async ValueTask DeleteRestAsync(CancellationToken cancellationToken)
    {
        await foreach (var reference in context.Previous.ReferencesAsync(RecordKey.Entries, cancellationToken))
        {
            if (!pipeline.HasHandled(reference))
            {
                await pipeline.DeleteAsync((await context.Previous.FindEntryAsync(reference, cancellationToken))!);
            }
        }

        await foreach (var (key, issue) in context.Previous.IssuesAsync(cancellationToken))
        {
            if (!context.Findings.Stands(key))
            {
                await context.Changes.DeleteIssueAsync(key, issue.FileReference);
            }
        }
    }
}
