namespace Harness.Scenarios.Searches.Swarm;

/// <summary>
/// Makes a failing case as small as it gets while it fails in the same way: schedule to first in, first out; faults and steps by
/// delta debugging; kills and jobs left out; numbers to smaller ones. Every candidate is run; the order of attempts is fixed.
/// </summary>
internal sealed class SwarmShrinker
{
    private const int MostRounds = 4;

    private readonly string _kind;
    private readonly Func<SwarmCase, SwarmOutcome> _run;
    private SwarmCase _best;

    private SwarmShrinker(SwarmCase failing, string kind, Func<SwarmCase, SwarmOutcome> run) => (_best, _kind, _run) = (failing, kind, run);

    /// <summary>Cases that were run.</summary>
    public int Runs { get; private set; }

    /// <summary>Shrinks a case that fails.</summary>
    /// <param name="failing">The case.</param>
    /// <param name="outcome">What a run of it showed.</param>
    /// <param name="run">Runs a case.</param>
    /// <returns>The smallest case found, and how many were run.</returns>
    public static (SwarmCase Case, int Runs) Shrink(SwarmCase failing, SwarmOutcome outcome, Func<SwarmCase, SwarmOutcome> run)
    {
        var kind = outcome.Kind ?? throw new ArgumentException("The case does not fail.", nameof(outcome));
        var shrinker = new SwarmShrinker(failing with { Faults = outcome.Fired }, kind, run);
        shrinker.Run();
        return (shrinker._best, shrinker.Runs);
    }

    private void Run()
    {
        _ = Try(_best with { IsFifo = true });
        for (var round = 0; round < MostRounds; round++)
        {
            var before = _best;
            _best = _best with { Faults = DeltaDebugging.Minimize(_best.Faults!, faults => Shows(_best with { Faults = faults })) };
            _best = _best with { Steps = DeltaDebugging.Minimize(_best.Steps, steps => Shows(_best with { Steps = steps })) };
            _ = _best.Machines > 1 && Try(_best with { Machines = 1 });
            SimplifySteps();
            if (ReferenceEquals(before.Steps, _best.Steps) && before.Faults!.Count == _best.Faults!.Count)
            {
                break;
            }
        }
    }

    /// <summary>Each step in simpler forms, for as long as one of them still fails.</summary>
    private void SimplifySteps()
    {
        for (var i = 0; i < _best.Steps.Count; i++)
        {
            while (Simpler(_best.Steps[i]).Any(step => Try(_best with { Steps = [.. _best.Steps.Take(i), step, .. _best.Steps.Skip(i + 1)] })))
            {
            }
        }
    }

    private static IEnumerable<SwarmStep> Simpler(SwarmStep step) => step switch
    {
        RunStep run => SimplerJobs(run),
        EditStep edit => SimplerNumbers(edit),
        WaitStep { Hours: > 1 } wait => [new WaitStep(wait.Hours / 2)],
        _ => [],
    };

    private static IEnumerable<SwarmStep> SimplerJobs(RunStep run)
    {
        for (var i = 0; i < run.Jobs.Count; i++)
        {
            if (run.Jobs.Count > 1)
            {
                yield return new RunStep([.. run.Jobs.Where((_, index) => index != i)]);
            }

            if (run.Jobs[i].CancelledAfter is not null)
            {
                yield return new RunStep([.. run.Jobs.Select((job, index) => index == i ? job with { CancelledAfter = null } : job)]);
            }

            if (run.Jobs[i].KilledAfter is not null)
            {
                yield return new RunStep([.. run.Jobs.Select((job, index) => index == i ? job with { KilledAfter = null, Loss = default } : job)]);
            }
        }
    }

    private static IEnumerable<SwarmStep> SimplerNumbers(EditStep edit)
    {
        for (var i = 0; i < edit.Edit.Numbers.Count; i++)
        {
            foreach (var number in new[] { 0, edit.Edit.Numbers[i] / 2 }.Where(number => number < edit.Edit.Numbers[i]).Distinct())
            {
                yield return edit with { Edit = edit.Edit with { Numbers = [.. edit.Edit.Numbers.Select((old, index) => index == i ? number : old)] } };
            }
        }
    }

    private bool Try(SwarmCase candidate)
    {
        if (!Shows(candidate))
        {
            return false;
        }

        _best = candidate;
        return true;
    }

    private bool Shows(SwarmCase candidate)
    {
        Runs++;
        return _run(candidate).Kind == _kind;
    }
}
