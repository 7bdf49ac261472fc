using Harness.Engine.Errors;
using Harness.Engine.Repair;
using Harness.Engine.Restore;
using Harness.Engine.Retention;
using Harness.Simulator.Compare;
using Harness.Simulator.Processes;
using Harness.Simulator.Restore;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Searches.Swarm;

/// <summary>The rarer jobs of a case, each with an oracle of its own. One thread.</summary>
/// <param name="world">Where.</param>
internal sealed class SwarmVerbs(SearchWorld world)
{
    private const int KeptDays = 7;

    private long _forgets;

    /// <summary>Forgets by a policy; what it did that it must not, or null.</summary>
    public async Task<string?> RetainAsync(SimProcess process, SearchMachine machine)
    {
        // Until it has said which, any of them may be forgotten.
        var asked = world.Points.Keys.Where(point => point.Source == machine.Name && world.Forgotten.Add(point)).ToList();
        var today = Day(machine);
        var forgets = ++_forgets;
        var report = await process.RunAsync(() => new ForgetJob(world.Services(process)).RunAsync(
            new ForgetRequest
            {
                Vault = new ProcessVault(process, world.Vault),
                Passphrase = SearchWorld.Passphrase,
                SourceName = machine.Name,
                Policy = new RetentionPolicy { DailyDays = KeptDays },
            },
            process.Cancellation).AsTask());
        if (forgets == _forgets++)
        {
            world.Forgotten.ExceptWith(asked.Where(point => !report.Forgotten.Contains(point.Number)));
        }

        var newest = report.Decisions.Max(decision => decision.Point.Number);
        return report.Decisions.FirstOrDefault(decision =>
            decision.IsKept != (decision.Point.Number == newest || today < DateOnly.FromDateTime(decision.Point.TakenAt.UtcDateTime).AddDays(KeptDays))) is { } wrong
            && today == Day(machine)
            ? $"retention: on {today:yyyy-MM-dd} {(wrong.IsKept ? "keeps" : "forgets")} {wrong.Point.Number} of {wrong.Point.TakenAt:u}"
            : null;
    }

    /// <summary>Forgets one by its number.</summary>
    public async Task ForgetAsync(SimProcess process, SearchMachine machine, long number)
    {
        _forgets++;
        await world.ForgetAsync(process, machine, [number]);
        _forgets++;
    }

    /// <summary>Takes a forgotten one back; from then on it must be there again.</summary>
    public async Task UndeleteAsync(SimProcess process, SearchMachine machine, long number)
    {
        var forgets = _forgets;
        await process.RunAsync(async () =>
        {
            await new UndeleteJob(world.Services(process)).RunAsync(
                new UndeleteRequest(new ProcessVault(process, world.Vault), SearchWorld.Passphrase, machine.Name, number), process.Cancellation);
            return true;
        });
        if (forgets == _forgets)
        {
            world.Forgotten.Remove(new SearchPoint(machine.Name, number));
        }
    }

    /// <summary>Checks to the last byte and mends; nothing may be lost for it.</summary>
    public async Task<string?> RepairAsync(SimProcess process)
    {
        world.Ledger.NoteRepair();
        var report = await process.RunAsync(() => new RepairJob(world.Services(process)).RunAsync(
            new RepairRequest { Vault = new ProcessVault(process, world.Vault), Passphrase = SearchWorld.Passphrase, ReadData = true },
            process.Cancellation).AsTask());
        return report.LostRecoveryPoints.Count > 0 && !process.HasMetFault ? $"repair: loses {report.LostRecoveryPoints[0]}" : null;
    }

    /// <summary>Restores one file, or a folder, of a recovery point to an empty place.</summary>
    public async Task<string?> RestoreOneAsync(SimProcess process, SearchPoint point)
    {
        var snapshot = world.Points[point];
        var entries = snapshot.Walk().Where(entry => entry.Path.Length > 0).ToList();
        if (entries.Count == 0)
        {
            return null;
        }

        var chosen = entries[(int)(((world.Simulation.Seed % 1000) + (ulong)point.Number) % (ulong)entries.Count)].Path;
        var target = new SimVolume(snapshot.Settings, world.Simulation.Clock);
        IReadOnlyList<string> leftOut;
        try
        {
            leftOut = LeftOut(await RestoreAsync(process, point, target, [chosen], null));
        }
        catch (BackupException error) when (error.Code == ErrorCode.PathNotInRecoveryPoint)
        {
            // The rules left it out, or it could not be read.
            return null;
        }

        return VolumeComparer.Compare(snapshot, target)
            .FirstOrDefault(item => (item.Path == chosen || item.Path.StartsWith(chosen + "/", StringComparison.Ordinal)) && IsWrong(item, target, leftOut)) is { } wrong
            ? $"wrong content: one path of recovery point {point}: {wrong}"
            : null;
    }

    /// <summary>Restores a recovery point over what an older one has left.</summary>
    public async Task<string?> RestoreOverAsync(SimProcess process, SearchPoint point)
    {
        var snapshot = world.Points[point];
        var target = new SimVolume(snapshot.Settings, world.Simulation.Clock);
        var older = world.Points.Keys.First(other => other.Source == point.Source);
        await RestoreAsync(process, older, target, [], null);
        var leftOut = LeftOut(await RestoreAsync(process, point, target, [], CollisionPolicy.Overwrite));
        return VolumeComparer.Compare(snapshot, target)
            .FirstOrDefault(item => IsWrong(item, target, leftOut)) is { } wrong
            ? $"wrong content: recovery point {point} over {older}: {wrong}"
            : null;
    }

    private static List<string> LeftOut(RestoreReport report) =>
        [.. report.Skipped.Select(item => item.Path).Concat(report.Failed.Select(item => item.Path))];

    /// <summary>What is there must have its content, unless it was left out; what is not there is for the oracles of whole restores.</summary>
    private static bool IsWrong(VolumeMismatch item, SimVolume target, IReadOnlyList<string> leftOut) =>
        item.What.StartsWith("content", StringComparison.Ordinal)
        && target.Find(item.Path.Split(':')[0]) is not null
        && !leftOut.Any(path => item.Path == path || item.Path.StartsWith(path + "/", StringComparison.Ordinal));

    private async Task<RestoreReport> RestoreAsync(SimProcess process, SearchPoint point, SimVolume target, IReadOnlyList<string> paths, CollisionPolicy? policy) =>
        await process.RunAsync(() => new RestoreJob(world.Services(process)).RunAsync(
            new RestoreRequest
            {
                Vault = new ProcessVault(process, world.Vault),
                Passphrase = SearchWorld.Passphrase,
                Target = new SimRestoreTarget(target),
                SourceName = point.Source,
                RecoveryPoint = point.Number,
                Paths = paths,
                OnCollision = policy,
            },
            process.Cancellation).AsTask());

    private static DateOnly Day(SearchMachine machine) => DateOnly.FromDateTime(machine.Host.Clock.GetUtcNow().UtcDateTime);
}
