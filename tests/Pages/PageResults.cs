using Harness.Engine.Rules;
using Harness.Scenarios.Running;

namespace Harness.Tests.Pages;

/// <summary>Results as a run of the catalogue makes them, in any number and with whatever may happen, from one seed.</summary>
internal static class PageResults
{
    public const string Profile = "dpm-classic-2018";

    /// <summary>The clauses behind these have no test.</summary>
    private const int MostClauses = 36;

    /// <summary>The one that fails: a hard link that was protected.</summary>
    public const string FailedId = "generated.file-hard-link[n=1]@memory";

    /// <summary>So many cells, spread over clauses, two vaults and real volumes.</summary>
    public static IReadOnlyList<CellResult> Make(int count)
    {
        var random = new Random(20261123);
        var clauses = ProfileCatalog.Load(Profile).Clauses.Where(c => c.Id != "passphrase.ascii").Take(MostClauses).ToList();
        return [.. Enumerable.Range(0, count).Select(i => Cell(i, clauses, random)).OrderBy(r => r.Id, StringComparer.Ordinal)];
    }

    private static CellResult Cell(int number, List<Clause> clauses, Random random)
    {
        var clause = clauses[number / 3 % clauses.Count];
        var (vault, source) = (number % 3) switch { 0 => ("memory", "simulated"), 1 => ("azurite", "simulated"), _ => ("memory", "ntfs") };
        var round = number / 3 / clauses.Count;
        var id = $"generated.{clause.Id.Replace('.', '-')}[n={round}]@{vault}";
        var state = (id, source) switch
        {
            (FailedId, "simulated") => CellState.Fail,
            ("generated.file-sparse[n=0]@memory", "ntfs") => CellState.Fail,
            ("generated.file-compressed[n=0]@azurite", _) => CellState.KnownFail,
            ("generated.file-encrypted[n=1]@azurite", _) => CellState.Timeout,
            _ => CellState.Pass,
        };
        var files = Enumerable.Range(0, 4).Select(n => File(clause, n, state)).ToList();
        var steps = state == CellState.Timeout ? [] : Steps(files, state, random);
        return new CellResult
        {
            Id = id,
            Cell = $"n={round},vault={vault}",
            Scenario = $"generated.{clause.Id.Replace('.', '-')}",
            Title = $"{clause.Title}, as generated for the page",
            State = state,
            Reason = state == CellState.Pass ? null : state == CellState.Timeout ? "Did not end within 120 s." : "Step 1 backup, linked.txt: expected skipped: hard-link, but protected: incremental.",
            Expected = "linked.txt skipped: hard-link; ** protected: incremental",
            Actual = "1 backup: full, 4 files, 1 skipped, 0 failed, 0 full-only; 3 backup: incremental, 4 files, 1 skipped, 0 failed, 0 full-only",
            Mismatches = state == CellState.Fail ? [new Mismatch("1 backup", "linked.txt", "skipped: hard-link", "protected: incremental", "file.hard-link")] : [],
            Steps = steps,
            Clause = clause.Id,
            Also = ["file.ordinary"],
            Tags = ["generated", clause.Id.Split('.')[0]],
            Seed = 1,
            Vault = vault,
            Profile = Profile,
            Source = source,
            Commit = "0123456789abcdef0123456789abcdef01234567",
            SentBytes = steps.Sum(s => s.SentBytes),
            DurationMs = Math.Round(random.NextDouble() * 900, 1),
            Trace = [.. Enumerable.Range(0, 16).Select(n => $"create packs/{random.Next(256):x2}/{random.NextInt64():x16}… {random.Next(90_000)} B")],
            Repro = $"./run-scenarios.sh 'generated.{clause.Id.Replace('.', '-')}[n={round}]' --vault {vault} --seed 1",
        };
    }

    private static FileVerdict File(Clause clause, int number, CellState state) => number switch
    {
        0 => new("linked.txt", "hard-link", "skipped: hard-link", state == CellState.Fail ? "protected: incremental" : "skipped: hard-link", "file.hard-link"),
        1 => new("secret.docx", "encrypted", "protected: full-only", "protected: full-only", null),
        2 => new($"{clause.Id}/neighbour.bin", "", "protected: incremental", "protected: incremental", null),
        _ => new("film.mp4:cover", "compressed,named-stream", "skipped: compressed-stream", "skipped: compressed-stream", "stream.compressed"),
    };

    private static IReadOnlyList<StepResult> Steps(IReadOnlyList<FileVerdict> files, CellState state, Random random)
    {
        var (size, changed) = (random.Next(1 << 20, 1 << 30), random.Next(1, 64) * 4096L);
        var bad = state is CellState.Fail or CellState.KnownFail ? CellState.Fail : CellState.Pass;
        return
        [
            new StepResult("1 backup", "full", bad)
            {
                SentBytes = size + random.Next(20_000), ReceivedBytes = random.Next(2000), Requests = 16, ChangedBytes = size, TouchedBytes = size,
                ReadBytes = size, ProtectedBytes = size, ScratchPeakBytes = (size / 200) + random.Next(9000), DurationMs = random.Next(5, 400),
                Files = files, Outcome = "full, 4 files, 1 skipped, 0 failed, 0 full-only",
            },
            new StepResult("2 edit", "edit", CellState.Pass) { Outcome = "change" },
            new StepResult("3 backup", "incremental", CellState.Pass)
            {
                SentBytes = changed + random.Next(1000, 16_000), ReceivedBytes = random.Next(2000), Requests = 15, ChangedBytes = changed,
                TouchedBytes = changed, ReadBytes = changed, ProtectedBytes = size, ScratchPeakBytes = (size / 200) + random.Next(9000),
                DurationMs = random.Next(1, 40), Outcome = "incremental, 4 files, 1 skipped, 0 failed, 0 full-only",
                Budgets = [new BudgetVerdict("sent-bytes", "<= 1.05 * changed + 64KiB", changed + 65_536, changed + 1_000, Holds: true)],
            },
            new StepResult("4 restore", "restore", CellState.Pass)
            {
                ReceivedBytes = size + random.Next(9000), Requests = 12, ReadBytes = size, DurationMs = random.Next(5, 300), Outcome = "#2, 4 files",
            },
        ];
    }
}
