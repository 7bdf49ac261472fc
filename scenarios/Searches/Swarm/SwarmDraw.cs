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

    /// <summary>Runs of one life in a hundred, enough of them for small index blobs to be put into one.</summary>
    private const int LongRuns = 20;
    private const int LongPermille = 10;

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

    private static readonly string[] RareJobs =
        ["backup-elsewhere", "backup-paced", "undelete", "undelete", "retain", "repair", "restore-one", "restore-over"];

    private readonly SeededSequence _choices;

    /// <summary>Draws what was added later, so that what was drawn before stays as it was.</summary>
    private readonly SeededSequence _more;

    /// <summary>Draws what was added after that.</summary>
    private readonly SeededSequence _late;
    private readonly bool _isRich;
    private readonly IReadOnlyList<string> _rareJobs;
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
        _more = new SeededSequence(Mix.Of(seed, "swarm, rarer things"));
        _late = new SeededSequence(Mix.Of(seed, "swarm, late things"));
        _isRich = _more.Permille(500);
        _rareJobs = [.. RareJobs.Where(_ => _more.Permille(500))];
    }

    /// <summary>The case of a seed.</summary>
    public static SwarmCase Of(ulong seed) => new SwarmDraw(seed).Draw();

    private SwarmCase Draw() => new()
    {
        Seed = _seed,
        Machines = _machines,
        Tracking = (SwarmTracking)_choices.Below(4),
        FaultsPerMillion = _choices.Pick(FaultChances),
        Steps = [.. Steps(), .. LongTail()],
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

            if (_isRich && _more.Permille(200))
            {
                yield return new MendStep(Named(_more.Below(_machines)));
            }

            if (run > 0 && _late.Permille(80))
            {
                yield return new TrackStep(Named(_late.Below(_machines)), _late.Permille(600));
            }

            yield return _isRich ? Enriched(Run(run), run) : Run(run);
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

    /// <summary>A file and a backup, again and again: each leaves an index blob.</summary>
    private IEnumerable<SwarmStep> LongTail()
    {
        if (!_late.Permille(LongPermille))
        {
            yield break;
        }

        for (var run = 0; run < LongRuns; run++)
        {
            yield return new EditStep(Named(0), new SwarmEdit("create", string.Create(CultureInfo.InvariantCulture, $"long{run}"), null, [5000, 100 + run]));
            yield return new RunStep([new SwarmJob("backup", Named(0))]);
        }
    }

    /// <summary>The jobs with others beside them: users who edit, programs on the same source, rarer verbs; and some are cancelled.</summary>
    private RunStep Enriched(RunStep step, int run)
    {
        List<SwarmJob> jobs = [.. step.Jobs.Select(job => _more.Permille(150) ? job with { CancelledAfter = 1 + _more.Below(150) } : job)];
        while (_more.Permille(350))
        {
            jobs.Add(new SwarmJob("edit", Named(_more.Below(_machines)), 1 + _more.Below(300)) { Edit = Edit(_more) });
        }

        if (run > 0 && _rareJobs.Count > 0 && _more.Permille(400))
        {
            var verb = _more.Pick(_rareJobs);
            long? number = verb is "undelete" or "restore-one" or "restore-over" ? 1 + _more.Below(run) : null;
            var job = new SwarmJob(verb, Named(_more.Below(_machines)), number, _more.Permille(_killPermille) ? 1 + _more.Below(200) : null);

            // Two processes on one scratch location are the lock's business, not the simulation's.
            if (verb != "backup-paced" || !jobs.Exists(other => other.Verb == "backup" && other.Machine == job.Machine))
            {
                jobs.Add(job);
            }
        }

        return new RunStep(jobs);
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

    private string Machine() => Named(_choices.Below(_machines));

    private static string Named(int machine) => ((char)('A' + machine)).ToString(CultureInfo.InvariantCulture);

    private SwarmEdit Edit() => Edit(_choices);

    private SwarmEdit Edit(SeededSequence choices)
    {
        var (path, size, seed) = (Path(choices), choices.Pick(Sizes), choices.Below(50L));
        var at = choices.Below(3) == 0 ? choices.Pick(Sizes) & ~4095L : choices.Below(choices.Pick(Sizes) + 1);
        var kind = choices.Pick(_edits);
        return kind switch
        {
            "stream" => new SwarmEdit(kind, path + ":s", null, [size, seed]),
            "create" or "create-text" => new SwarmEdit(kind, path, null, [size, seed]),
            "append" => new SwarmEdit(kind, path, null, [size + 1, seed]),
            "write" or "insert" => new SwarmEdit(kind, path, null, [at, (size % 20_000) + 1, seed]),
            "zero" => new SwarmEdit(kind, path, null, [at, size + 1]),
            "end" => new SwarmEdit(kind, path, null, [at]),
            "attributes" or "security" => new SwarmEdit(kind, path, null, [seed]),
            "rename" or "link" => new SwarmEdit(kind, path, Path(choices), []),
            _ => new SwarmEdit(kind, path, null, []),
        };
    }

    private static string Path(SeededSequence choices) => choices.Pick(Folders) + choices.Pick(Names);
}
