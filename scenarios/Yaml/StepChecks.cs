using Harness.Engine.Rules;
using Harness.Scenarios.Model;

namespace Harness.Scenarios.Yaml;

/// <summary>Checks the steps of a cell: sources that exist, restores that have something to restore, bounds that can be judged.</summary>
internal sealed class StepChecks(YamlMap root, ProblemList problems, RuleProfile? profile)
{
    private bool _backedUp;

    /// <summary>Checks all steps in order.</summary>
    public void Check(ScenarioDocument document)
    {
        var nodes = (root.Find("steps")?.Value as YamlList)?.Items ?? [];
        if (nodes.Count == 0)
        {
            problems.Add(root.Find("steps")?.Value.Mark ?? root.Mark, "A scenario needs at least one step.");
        }

        if (document.Steps.Count != nodes.Count)
        {
            return; // An item could not be bound; that problem comes first.
        }

        for (var i = 0; i < nodes.Count; i++)
        {
            CheckStep(document, document.Steps[i], Inner(nodes[i]));
        }

        if (!document.Steps.Any(step => step.Backup is not null || step.Preflight is not null) && nodes.Count > 0)
        {
            problems.Add(nodes[0].Mark, "No step is a backup or a preflight, so there is nothing to judge.");
        }
    }

    private void CheckStep(ScenarioDocument document, StepDocument step, YamlNode node)
    {
        if ((step.Backup ?? step.Preflight) is { } backup)
        {
            _backedUp |= step.Backup is { Refused: null };
            CheckSource(document, backup.Source, required: true, node);
            CheckBudget(backup.Budget, node);
            if (profile is not null)
            {
                PathChecks.CheckClause(backup.Clause, node, profile, problems);
                PathChecks.Check(backup.Paths, node, profile, problems);
            }
        }

        if (step.Restore is { } restore)
        {
            CheckSource(document, restore.Source, required: true, node);
            CheckBudget(restore.Budget, node);
            if (!_backedUp && restore.Refused is null)
            {
                problems.Add(node.Mark, "There is no backup before this restore.");
            }
        }

        if (step.Edit is not null && document.Volumes.Count > 1)
        {
            problems.Add(node.Mark, "There are several volumes: use 'edit-source' with 'source' and 'edit'.");
        }

        if (step.EditSource is not null || step.Fault is not null || step.Vanish is not null || step.Heal is not null)
        {
            var source = step.EditSource?.Source ?? step.Fault?.Source ?? step.Vanish?.Source ?? step.Heal?.Source;
            CheckSource(document, source, required: true, node);
        }

        if (step.Forget is { } forget)
        {
            CheckSource(document, forget.Source, required: true, node);
            if (profile is not null)
            {
                PathChecks.CheckClause(forget.Clause, node, profile, problems);
            }
        }

        if (step.RecoveryPoints is { } points)
        {
            CheckSource(document, points.Source, required: false, node);
        }
    }

    private void CheckSource(ScenarioDocument document, string? source, bool required, YamlNode node)
    {
        if (source is null)
        {
            if (required && document.Volumes.Count > 1)
            {
                problems.Add(node.Mark, $"There are several volumes: add 'source'. {DidYouMean.Allowed(document.Volumes.Keys)}");
            }

            return;
        }

        if (!document.Volumes.ContainsKey(source))
        {
            problems.Add(
                PathChecks.PlaceIn(node, "source"),
                $"There is no volume '{source}'.{DidYouMean.Hint(source, document.Volumes.Keys)} "
                + (document.Volumes.Count == 0 ? "The one volume needs no 'source'." : DidYouMean.Allowed(document.Volumes.Keys)));
        }
    }

    private void CheckBudget(BudgetDocument? budget, YamlNode node)
    {
        if (budget is not null && (node as YamlMap)?.Find("budget")?.Value is YamlMap { Entries.Count: 0 } empty)
        {
            problems.Add(empty.Mark, "The budget bounds nothing.");
        }
    }

    /// <summary>The value under the one key of a step, or the step itself when it is a word.</summary>
    private static YamlNode Inner(YamlNode node) => node is YamlMap { Entries: [var only] } ? only.Value : node;
}
