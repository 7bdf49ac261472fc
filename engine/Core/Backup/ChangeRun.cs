using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// Brings the state before up to the snapshot by what the source says has changed; nothing else is looked at. Logical thread
/// only.
/// </summary>
internal sealed class ChangeRun(BackupContext context, EntryPipeline pipeline, ChangePlan plan, IChangeTracker tracker)
{
    private readonly ReferenceSet _removedDirectories = new();
    private readonly ReferenceSet _listedDirectories = new();
    private readonly HashSet<ulong> _droppedIssues = [];
    private readonly Dictionary<ulong, string?> _paths = [];
    private ulong _root;

    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        foreach (var reference in plan.References)
        {
            await DropIssuesAsync(reference, cancellationToken);
            if (plan.Find(reference) is null)
            {
                await RemoveAsync(reference, cancellationToken);
            }
        }

        _root = await context.Previous.FindRootAsync(cancellationToken);
        foreach (var error in plan.Errors)
        {
            await context.Findings.AddFailedAsync(error, _root);
        }

        foreach (var entry in plan.Entries)
        {
            await AddAsync(entry.Plan, entry.Change.Streams, cancellationToken);
            if (entry.IsNewDirectory && !_listedDirectories.Contains(entry.Plan.Entry.FileReference))
            {
                await AddBelowAsync(entry.Plan.Entry, cancellationToken);
            }
        }

        await pipeline.FinishAsync(cancellationToken);
        await FinishIssuesAsync(cancellationToken);
        await AddFullOnlyAsync(cancellationToken);
    }

    private async ValueTask AddAsync(
        EntryPlan entry, IReadOnlyList<StreamChange>? changes, CancellationToken cancellationToken)
    {
        var hasDirectory = await IsProtectedDirectoryAsync(entry.Entry.ParentReference, cancellationToken);
        if (entry.IsSkipped)
        {
            await (hasDirectory ? context.Findings.AddSkippedAsync(entry) : context.Findings.AddSkippedAsync(entry, _root));
            return;
        }

        if (Places.WhyNone(entry.Entry, hasDirectory) is { } error)
        {
            await context.Findings.AddFailedAsync(error, _root, entry.Verdict.Clause);
            await RemoveAsync(entry.Entry.FileReference, cancellationToken);
            return;
        }

        await pipeline.AddAsync(entry, changes, cancellationToken);
    }

    /// <summary>
    /// Takes in all that lies below a directory that came into the recovery point: it may have been moved there from elsewhere,
    /// with everything in it unchanged.
    /// </summary>
    private async ValueTask AddBelowAsync(SourceEntry directory, CancellationToken cancellationToken)
    {
        _listedDirectories.Add(directory.FileReference);
        await foreach (var item in tracker.EnumerateBelowAsync(directory, cancellationToken))
        {
            if (item.Error is { } error)
            {
                await context.Findings.AddFailedAsync(error, _root);
                continue;
            }

            var entry = EntryPlan.For(context.Profile, item.Entry!);
            if (entry.IsDirectory)
            {
                _listedDirectories.Add(entry.Entry.FileReference);
            }

            if (!plan.References.Contains(entry.Entry.FileReference) && !pipeline.HasHandled(entry.Entry.FileReference))
            {
                await AddAsync(entry, changes: null, cancellationToken);
            }
        }
    }

    /// <summary>Takes an entry of the state before out of the new one; a directory with all below it that has not moved away.</summary>
    private async ValueTask RemoveAsync(ulong reference, CancellationToken cancellationToken)
    {
        var pending = new Stack<ulong>([reference]);
        while (pending.TryPop(out var next))
        {
            if (pipeline.HasHandled(next) || await context.Previous.FindEntryAsync(next, cancellationToken) is not { } before)
            {
                continue;
            }

            await pipeline.DeleteAsync(before);
            if (before.Kind != EntryKind.Directory)
            {
                continue;
            }

            _removedDirectories.Add(next);
            await foreach (var child in context.Previous.SubsAsync(StateKeys.Children, next, cancellationToken))
            {
                if (plan.Find(child) is null)
                {
                    pending.Push(child);
                }
            }
        }
    }

    private async ValueTask<bool> IsProtectedDirectoryAsync(ulong reference, CancellationToken cancellationToken)
    {
        if (plan.Find(reference) is { } planned)
        {
            return planned.Plan.IsDirectory && pipeline.HasTaken(reference);
        }

        return pipeline.HasTaken(reference)
            || (!pipeline.HasHandled(reference)
                && await context.Previous.FindEntryAsync(reference, cancellationToken) is { Kind: EntryKind.Directory });
    }

    private async ValueTask DropIssuesAsync(ulong reference, CancellationToken cancellationToken)
    {
        await foreach (var id in context.Previous.SubsAsync(StateKeys.IssuesOf, reference, cancellationToken))
        {
            _droppedIssues.Add(id);
        }
    }

    /// <summary>Deletes issues that no longer stand, and reports the others: they hold of this recovery point too.</summary>
    private async ValueTask FinishIssuesAsync(CancellationToken cancellationToken)
    {
        await foreach (var (key, issue) in context.Previous.IssuesAsync(cancellationToken))
        {
            if (context.Findings.Stands(key))
            {
                continue;
            }

            if (_droppedIssues.Contains(key.Id) || _removedDirectories.Contains(issue.Parent))
            {
                await context.Changes.DeleteIssueAsync(key, issue.FileReference);
                continue;
            }

            var directory = await PathOfAsync(issue.Parent, cancellationToken);
            context.Findings.AddStanding(issue, string.IsNullOrEmpty(directory) ? issue.Name : $"{directory}/{issue.Name}");
        }
    }

    private async ValueTask AddFullOnlyAsync(CancellationToken cancellationToken)
    {
        await foreach (var reference in context.Previous.ReferencesAsync(StateKeys.FullOnly, cancellationToken))
        {
            if (!pipeline.HasHandled(reference) && await PathOfAsync(reference, cancellationToken) is { } path)
            {
                context.Findings.FullOnly.Add(path);
            }
        }
    }

    /// <summary>The path of an entry in the new state.</summary>
    private async ValueTask<string?> PathOfAsync(ulong reference, CancellationToken cancellationToken)
    {
        var pending = new Stack<(ulong Reference, string Name)>();
        string? path = null;
        while (!_paths.TryGetValue(reference, out path))
        {
            if (plan.Find(reference) is { } planned)
            {
                path = planned.Plan.Entry.Path;
                break;
            }

            if (await context.Previous.FindEntryAsync(reference, cancellationToken) is not { } entry || pending.Count > 32_768)
            {
                return null;
            }

            if (entry.IsRoot)
            {
                path = "";
                break;
            }

            pending.Push((reference, entry.Name));
            reference = entry.Parent;
        }

        _paths[reference] = path;
        while (path is not null && pending.TryPop(out var next))
        {
            path = path.Length == 0 ? next.Name : $"{path}/{next.Name}";
            _paths[next.Reference] = path;
        }

        return path;
    }
}
