using Harness.Engine.Backup;
using Harness.Scenarios.Searches.Swarm;
using Harness.Simulator.Compare;
using Harness.Simulator.Content;
using Harness.Simulator.Faults;
using Harness.Simulator.Processes;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Searches.Histories;

/// <summary>
/// The exhaustive search over short histories: many at once, each in a folder of its own of one volume, which is backed up, edited,
/// backed up, and backed up again unchanged. Then each verdict must be the one of the documents, each recovery point must restore
/// equal to its snapshot, each run must send what changed and no more, and the last one next to nothing.
/// </summary>
/// <param name="tracking">How the source tells what changed.</param>
/// <param name="histories">Which histories.</param>
internal sealed class HistorySearch(SwarmTracking tracking, IReadOnlyList<History> histories)
{
    /// <summary>What a run may send that finds nothing changed, in bytes.</summary>
    public const int UnchangedBytes = 4096;

    private readonly SearchWorld _world = new((ulong)histories[0].Number);
    private readonly List<string> _problems = [];

    private SearchMachine Machine => _world.Machines[0];

    /// <summary>The histories of one part of so many; each is in one part.</summary>
    public static IReadOnlyList<History> Part(int part, int parts) =>
        [.. Enumerable.Range(0, History.Count).Where(number => (int)(Mix.Of((ulong)number + 1) % (ulong)parts) == part).Select(number => new History(number))];

    /// <summary>Runs them; what did not hold, or empty.</summary>
    public IReadOnlyList<string> Run()
    {
        _world.Simulation.Run(LiveAsync);
        return _problems;
    }

    private async Task LiveAsync()
    {
        MachineTracking.Begin(Machine, tracking);
        var places = histories.Select(history => history.Begin(Machine.Volume)).ToList();
        await BackupAsync("first", _world.Points);
        for (var i = 0; i < places.Count; i++)
        {
            foreach (var edit in histories[i].Edits)
            {
                edit.Make(places[i]);
            }
        }

        await BackupAsync("second", _world.Points);
        var packs = _world.Vault.Store.Names("packs/").Count;
        var last = await BackupAsync("unchanged", _world.Points);
        if (last.ChangedBytes > 0 || _world.Vault.Store.Names("packs/").Count > packs || last.StoredBytes > UnchangedBytes)
        {
            _problems.Add($"unchanged: {last.ChangedBytes} bytes changed, {last.StoredBytes} bytes were sent");
        }

        _problems.AddRange(SearchOracle.Check(_world, static _ => false));
        foreach (var (point, snapshot) in _world.Points)
        {
            await CompareAsync(point, snapshot);
        }
    }

    private async Task<BackupReport> BackupAsync(string which, IReadOnlyDictionary<SearchPoint, VolumeSnapshot> points)
    {
        var report = await _world.BackupAsync(_world.Start(NoFaults.Instance, machine: Machine), Machine);
        var (skipped, _, fullOnly) = ExpectedVerdicts.Of(points[new SearchPoint(Machine.Name, report.RecoveryPoint!.Value)]);
        Expect($"{which}: left out", skipped, report.Skipped.Select(item => $"{item.Path} {item.Reason} {item.Clause}"));
        Expect($"{which}: sent whole on each change", fullOnly, report.FullOnly);
        Expect($"{which}: failed", [], report.Failed.Select(item => $"{item.Path} {item.Reason}"));
        return report;
    }

    private async Task CompareAsync(SearchPoint point, VolumeSnapshot snapshot)
    {
        var (_, target) = await _world.RestoreAsync(_world.Start(NoFaults.Instance), point, new SimVaultService(_world.Vault.Store));
        var leftOut = ExpectedVerdicts.Of(snapshot).SkippedPaths.ToList();
        _problems.AddRange(VolumeComparer.Compare(snapshot, target, new VolumeComparison { LeftOut = leftOut })
            .Select(item => $"restored: {Named($"{item}")} of point {point}"));
    }

    private void Expect(string what, IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var (wanted, found) = (expected.ToHashSet(StringComparer.Ordinal), actual.ToHashSet(StringComparer.Ordinal));
        _problems.AddRange(wanted.Except(found).Select(item => $"{what}: not {Named(item)}"));
        _problems.AddRange(found.Except(wanted).Select(item => $"{what}: {Named(item)} by mistake"));
    }

    /// <summary>The text with the history that its path belongs to.</summary>
    private string Named(string text)
    {
        var digits = new string([.. text.Skip(text.IndexOf('h', StringComparison.Ordinal) + 1).TakeWhile(char.IsAsciiDigit)]);
        return histories.FirstOrDefault(history => $"{history.Number}" == digits) is { } history ? $"{text} [{history}]" : text;
    }
}
