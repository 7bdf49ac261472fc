using Harness.Engine.Backup;
using Harness.Engine.Rules;
using Harness.Simulator.Journal;
using Harness.Simulator.Scratch;
using Harness.Simulator.Snapshots;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>
/// Every reason for which a run cannot go the cheapest way: it is in the report by its code, the recovery point is right all the
/// same, and the run after it goes the cheapest way again.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class FallbackTests
{
    /// <summary>What follows when the state comes from the vault and the fingerprints of what changed are not there.</summary>
    private static readonly string[] Rebuilt = ["scratch-rebuilt", "no-dirty-ranges", "fingerprints-rebuilt"];

    private static readonly Dictionary<string, (TrackedWay Way, string[] Codes, Func<EngineRig, Task> Break)> Reasons = new()
    {
        ["nothing tracks changes"] = (TrackedWay.Scan, ["no-change-journal"], Nothing),
        ["the earlier snapshot is gone"] = (TrackedWay.Snapshots, ["snapshot-gone", "journal-not-active"], Do(rig => rig.ChangeTracking!.ForgetSnapshots())),
        ["the volume is another one"] = (TrackedWay.Journal, ["volume-replaced"], Do(Replace)),
        ["the journal was made again"] = (TrackedWay.Journal, ["journal-recreated"], Do(rig =>
        {
            Drop(rig);
            rig.Volume.Journal.Create();
        })),
        ["the journal wrapped"] = (TrackedWay.Journal, ["journal-wrapped"], WrapAsync),
        ["the journal is off"] = (TrackedWay.Journal, ["journal-not-active"], Do(Drop)),
        ["ranges are not tracked"] = (TrackedWay.Journal, ["no-dirty-ranges"], Nothing),
        ["the scratch location is lost"] = (TrackedWay.Journal, Rebuilt, Do(rig => rig.Scratch = new SimScratch(1L << 40))),
        ["the scratch location is older"] = (TrackedWay.Journal, Rebuilt, OlderScratchAsync),
        ["the scratch location is damaged"] = (TrackedWay.Journal, ["scratch-damaged", .. Rebuilt], DamageAsync),
        ["the rules are others"] = (TrackedWay.Journal, ["profile-changed"], Nothing),
        ["a mode preserves hard links"] = (TrackedWay.Journal, ["hard-links-preserved"], Nothing),
        ["a full scan was asked for"] = (TrackedWay.Journal, ["scan-requested"], Nothing),
        ["the run before was cancelled"] = (TrackedWay.Journal, ["previous-run-failed"], CancelAsync),
    };

    private static IEnumerable<string> Names => Reasons.Keys;

    [TestCaseSource(nameof(Names))]
    public async Task Backup_CheapestWayNotOpen_SaysWhyAndIsRight(string name)
    {
        var (way, codes, spoil) = Reasons[name];
        var rig = new EngineRig().With(way);
        rig.Volume.CreateFile("grows.log", 30_000, seed: 1);
        rig.Volume.CreateFile("stays.bin", 200_000, seed: 2);
        _ = await rig.BackupAsync();
        rig.Volume.AppendGenerated("grows.log", 5000, 3);
        await spoil(rig);

        var report = await rig.BackupAsync(Request(name));

        Assert.That(report.Mode, Is.EqualTo(BackupMode.Incremental));
        Assert.That(report.Fallbacks.Select(note => note.Code), Is.EqualTo(codes));
        Assert.That(report.Fallbacks.Select(note => note.Message), Has.All.EndWith("."));
        Assert.That(await rig.DifferencesAsync(report.RecoveryPoint!.Value), Is.Empty);
        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
        if (way != TrackedWay.Scan && Request(name) is null && name != "the journal is off")
        {
            var calls = 0;
            rig.Faults.Hook = call =>
            {
                calls += call.Operation == SimVolumeOperation.Open ? 1 : 0;
                return null;
            };
            Assert.That((await rig.BackupAsync()).Fallbacks, Is.Empty);
            Assert.That(calls, Is.Zero);
        }
    }

    private static Func<BackupRequest, BackupRequest>? Request(string name) => name switch
    {
        "a full scan was asked for" => static request => request with { ForceScan = true },
        "a mode preserves hard links" => static request => request with { Profile = request.Profile.Preserving(PreserveModes.HardLinks) },
        "the rules are others" => static request => request with { Profile = request.Profile.Preserving(PreserveModes.ReparsePoints) },
        _ => null,
    };

    private static Task Nothing(EngineRig rig) => Task.CompletedTask;

    private static Func<EngineRig, Task> Do(Action<EngineRig> action) => rig =>
    {
        action(rig);
        return Task.CompletedTask;
    };

    private static void Drop(EngineRig rig) => rig.Volume.Journal.Delete(rig.Volume.Journal.Query().JournalId);

    private static async Task WrapAsync(EngineRig rig)
    {
        Drop(rig);
        rig.Volume.Journal.Create(new JournalSettings { MaximumSizeBytes = 1 << 20, AllocationDeltaBytes = 1 << 18 });
        _ = await rig.BackupAsync();
        for (var i = 0; i < 25_000; i++)
        {
            rig.Volume.SetAttributes("stays.bin", i % 2 == 0 ? FileAttributes.Hidden : FileAttributes.Normal);
        }
    }

    /// <summary>Another volume in the place of the one: formatted later, with the same files and a journal of its own.</summary>
    private static void Replace(EngineRig rig)
    {
        var root = rig.Volume.Get("").Times;
        rig.Volume.SetTimes("", root with { Created = Harness.Engine.Model.Timestamp.From(rig.Clock.GetUtcNow()) });
    }

    private static async Task OlderScratchAsync(EngineRig rig)
    {
        var (here, elsewhere) = (rig.Scratch, new SimScratch(1L << 40));
        rig.Scratch = elsewhere;
        _ = await rig.BackupAsync();
        rig.Scratch = here;
        rig.Volume.AppendGenerated("grows.log", 5000, 4);
    }

    private static async Task DamageAsync(EngineRig rig)
    {
        var scratch = new SimScratch(1L << 40);
        foreach (var name in await rig.Scratch.ListAsync(default))
        {
            var content = new byte[(await rig.Scratch.GetLengthAsync(name, default))!.Value];
            _ = await rig.Scratch.ReadAsync(name, 0, content, default);
            if (name.Contains("-table-", StringComparison.Ordinal))
            {
                content[content.Length / 2] ^= 1;
            }

            await scratch.AppendAsync(name, content, default);
            await scratch.FlushAsync(name, default);
        }

        rig.Scratch = scratch;
    }

    private static async Task CancelAsync(EngineRig rig)
    {
        using var stop = new CancellationTokenSource();
        rig.Faults.Hook = call =>
        {
            if (call.Operation == SimVolumeOperation.Open)
            {
                stop.Cancel();
            }

            return null;
        };
        await Assert.ThatAsync(() => rig.BackupAsync(cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        rig.Faults.Hook = null;
    }
}
