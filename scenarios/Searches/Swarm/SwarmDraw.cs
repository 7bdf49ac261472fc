using System.Globalization;
using Harness.Simulator.Content;
using Harness.Simulator.Scratch;

namespace Harness.Scenarios.Searches.Swarm;

/// <summary>
/// Draws cases from seeds. Each seed leaves things out: whole kinds of edits and jobs, faults, kills, a second machine. What one seed does
/// not do at all, it cannot hide what the rest of it does (swarm testing).
/// </summary>
internal sealed class SwarmDraw
{
    private const int FirstEdits = 8;
    private const int MostRuns = 8;
    private const int SoftDeleteHours = 14 * 24;

    private static readonly string[] Folders = ["", "d/", "d/e/"];
    private static readonly string[] Names = ["a", "b", "c", "d", "e", "Ünï"];
    private static readonly long[] Sizes = [0, 1, 700, 4095, 4096, 9000, 65_536, 150_000];
    private static readonly int[] FaultChances = [0, 1_000, 10_000, 50_000];
    private static readonly string[] EditKinds =
    [
        "create", "create", "create-text", "folder", "stream", "write", "write", "insert", "append", "end", "zero", "rename", "delete", "link", "sparse",
        "compress", "encrypt", "decrypt", "reparse", "no-reparse", "attributes", "security", "touch",
    ];

    private static readonly string[] JobKinds = ["backup", "backup", "backup", "backup", "prune", "forget", "restore", "check"];

    private readonly SeededSequence _choices;
    private readonly ulong _seed;
    private readonly IReadOnlyList<string> _edits;
    private readonly IReadOnlyList<string> _jobs;
    private readonly int _killPermille;
    private readonly int _machines;
    private readonly bool _prunes;

    private SwarmDraw(ulong seed)
    {
        _seed = seed;
        _choices = new SeededSequence(Mix.Of(seed, "swarm"));
        _edits = ["create", .. EditKinds.Where(_ => _choices.Permille(600))];
        _jobs = ["backup", .. JobKinds.Where(_ => _choices.Permille(600))];
        _killPermille = _choices.Permille(500) ? 200 : 0;
        _prunes = _choices.Permille(500);
        _machines = _choices.Permille(300) ? 2 : 1;
    }

    /// <summary>The case of a seed.</summary>
    public static SwarmCase Of(ulong seed) => new SwarmDraw(seed).Draw();

    private SwarmCase Draw() => new()
    {
        Seed = _seed,
        Machines = _machines,
        Tracking = (SwarmTracking)_choices.Below(4),
        FaultsPerMillion = _choices.Pick(FaultChances),
        Steps = [.. Steps()],
    };

    private IEnumerable<SwarmStep> Steps()
    {
        var runs = 2 + _choices.Below(MostRuns - 1);
        for (var run = 0; run < runs; run++)
        {
            var edits = run == 0 ? FirstEdits : _choices.Below(4);
            for (var edit = 0; edit < edits; edit++)
            {
                yield return new EditStep(Machine(), Edit());
            }

            if (_choices.Permille(50))
            {
                yield return new LoseScratchStep(Machine());
            }

            if (_choices.Permille(150))
            {
                yield return new WaitStep(1 + _choices.Below(500));
            }

            yield return Run(run);
            if (run > 1 && _prunes && _choices.Permille(200))
            {
                // What is forgotten goes after two weeks, and then only at the second prune.
                var machine = Machine();
                yield return new RunStep([new SwarmJob("forget", machine, 1 + _choices.Below(run))]);
                yield return new WaitStep(SoftDeleteHours + _choices.Below(48));
                yield return Prune(run);
                yield return Prune(run);
            }
        }
    }

    private RunStep Prune(int run)
    {
        var prune = new SwarmJob("prune", Machine());
        return _choices.Permille(300) ? new RunStep([prune, Job(run)]) : new RunStep([prune]);
    }

    private RunStep Run(int run)
    {
        var first = Job(run);
        if (run == 0 || !_choices.Permille(250))
        {
            return new RunStep([first]);
        }

        // Two processes on one scratch location are the lock's business, not the simulation's.
        var second = Job(run);
        return second.Verb == "backup" && first.Verb == "backup" && second.Machine == first.Machine ? new RunStep([first]) : new RunStep([first, second]);
    }

    private SwarmJob Job(int run)
    {
        var verb = run == 0 ? "backup" : _choices.Pick(_jobs);
        long? number = verb is "forget" or "restore" ? 1 + _choices.Below(run) : null;
        long? killed = _choices.Permille(_killPermille) ? 1 + _choices.Below(200) : null;
        return new SwarmJob(verb, Machine(), number, killed, killed is null ? default : _choices.Pick(Enum.GetValues<CrashLoss>()));
    }

    private string Machine() => ((char)('A' + _choices.Below(_machines))).ToString(CultureInfo.InvariantCulture);

    private SwarmEdit Edit()
    {
        var (path, size, seed) = (Path(), _choices.Pick(Sizes), _choices.Below(50L));
        var at = _choices.Below(3) == 0 ? _choices.Pick(Sizes) & ~4095L : _choices.Below(_choices.Pick(Sizes) + 1);
        var kind = _choices.Pick(_edits);
        return kind switch
        {
            "stream" => new SwarmEdit(kind, path + ":s", null, [size, seed]),
            "create" or "create-text" => new SwarmEdit(kind, path, null, [size, seed]),
            "append" => new SwarmEdit(kind, path, null, [size + 1, seed]),
            "write" or "insert" => new SwarmEdit(kind, path, null, [at, (size % 20_000) + 1, seed]),
            "zero" => new SwarmEdit(kind, path, null, [at, size + 1]),
            "end" => new SwarmEdit(kind, path, null, [at]),
            "attributes" or "security" => new SwarmEdit(kind, path, null, [seed]),
            "rename" or "link" => new SwarmEdit(kind, path, Path(), []),
            _ => new SwarmEdit(kind, path, null, []),
        };
    }

    private string Path() => _choices.Pick(Folders) + _choices.Pick(Names);
}
