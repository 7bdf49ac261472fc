using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// Goes through the whole snapshot: what is listed is compared with the state before, what is not listed is gone. What the
/// survey found to be the same is not looked at again. Logical thread only.
/// </summary>
internal sealed class SourceScan(BackupContext context, EntryPipeline pipeline, SourceSurvey survey, UnchangedEntries? unchanged)
{
    private readonly SameEntries _same = survey.Same;
    private readonly ReferenceSet _directories = new();
    private ulong? _root = survey.Same.Root;

    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        if (_root is null)
        {
            throw new BackupException(
                ErrorCode.SourceVanished,
                "The root of the source could not be read. No recovery point was made; earlier ones are intact.",
                "Make the source available to this user and run again.");
        }

        await pipeline.FinishAsync(cancellationToken);
        pipeline.AddSame(_same);
        await DeleteRestAsync(cancellationToken);
    }

    private async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        if (survey.Rest is { } rest)
        {
            for (var i = 0; i < rest.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await AddAsync(rest[i], cancellationToken);
            }

            return;
        }

        await foreach (var item in context.Snapshot.EnumerateAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await AddAsync(item, cancellationToken);
        }
    }

    private ValueTask AddAsync(SourceItem item, CancellationToken cancellationToken) => item.Error is { } error
        ? context.Findings.AddFailedAsync(error, _root ?? 0)
        : AddAsync(EntryPlan.For(context.Profile, item.Entry!), cancellationToken);

    private async ValueTask AddAsync(EntryPlan plan, CancellationToken cancellationToken)
    {
        var parent = plan.Entry.ParentReference;
        var hasDirectory = _directories.Contains(parent) || _same.ContainsDirectory(parent);
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

        if (_same.Contains(plan.Entry.FileReference))
        {
            // Met under another path before: a source without true snapshots renames between two parts of the listing.
            context.Findings.ChangedWhileRead.Add(plan.Entry.Path);
            return;
        }

        if (survey.Rest is null && unchanged is not null && await unchanged.HasAsync(plan, cancellationToken))
        {
            _same.Add(plan);
            pipeline.Advance(plan);
            return;
        }

        await pipeline.AddAsync(plan, changes: null, cancellationToken);
    }

    /// <summary>Deletes what the state before has and the listing has not.</summary>
    private async ValueTask DeleteRestAsync(CancellationToken cancellationToken)
    {
        await foreach (var gone in context.Previous.EntriesWithoutAsync(IsHandled, cancellationToken))
        {
            await pipeline.DeleteAsync(gone);
        }

        await foreach (var (key, issue) in context.Previous.IssuesAsync(cancellationToken))
        {
            if (!context.Findings.Stands(key))
            {
                await context.Changes.DeleteIssueAsync(key, issue.FileReference);
            }
        }
    }

    private bool IsHandled(ulong reference) => _same.Contains(reference) || pipeline.HasHandled(reference);
}
