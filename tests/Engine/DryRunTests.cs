using Harness.Engine.Errors;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Volume;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Engine.Swarm;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>A dry run writes nothing, and says what the run then does.</summary>
[Parallelizable]
public sealed class DryRunTests
{
    private const int Points = 7;

    [Test]
    public async Task DryRun_OverARandomHistory_SaysWhatTheRunThenDoes([Values] TrackedWay way, [Range(0, 5)] int seed)
    {
        var rig = new EngineRig((ulong)seed, new VolumeSettings { Label = "data", Seed = (ulong)seed }).With(way);
        var editor = new SwarmEditor(rig.Volume, new Random(seed));
        for (var point = 1; point <= Points; point++)
        {
            editor.Edit(6);
            var context = $"{way}, seed {seed}, recovery point {point}\n{editor.Log}";
            var planned = await DryRunAsync(rig, context);
            var opened = new HashSet<string>(StringComparer.Ordinal);
            rig.Faults.Hook = call =>
            {
                if (call.Operation == SimVolumeOperation.Open)
                {
                    opened.Add(call.Path.Split(':')[0]);
                }

                return null;
            };

            var report = await rig.BackupAsync();
            rig.Faults.Hook = null;

            Assert.That(planned.Planned!.Files, Is.EqualTo(opened.Count), context);
            Assert.That(planned.Planned.ReadBytes, IsOf(report.ReadBytes, report.FullOnly.Count > 0), context);
            Assert.That(planned.Planned.ChangePath, Is.EqualTo(PathOf(point, way)), context);
            Assert.That(planned.Fallbacks, Is.EqualTo(report.Fallbacks.Where(note => note.Code != "fingerprints-rebuilt")), context);
            Assert.That(planned.Protected, Is.EqualTo(report.Protected), context);
            Assert.That(planned.Skipped, Is.EqualTo(report.Skipped), context);
        }
    }

    [Test]
    public async Task DryRun_OfAnEmptyVault_MakesNoRequestThatWrites()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a.bin", 10_000);

        var report = await DryRunAsync(rig, "first");

        Assert.That(report.Planned!.ChangePath, Is.EqualTo("full"));
        Assert.That(report.Planned.ReadBytes, Is.EqualTo(10_000));
        Assert.That(rig.Store.Names(), Is.Empty);
    }

    /// <summary>A full-only file that turns out to have changed is read a second time, which nobody knows without reading it.</summary>
    private static NUnit.Framework.Constraints.IResolveConstraint IsOf(long readBytes, bool hasFullOnly) =>
        hasFullOnly ? Is.LessThanOrEqualTo(readBytes) : Is.EqualTo(readBytes);

    private static string PathOf(int point, TrackedWay way) => point == 1 ? "full" : way == TrackedWay.Scan ? "scan" : "changes";

    /// <summary>Runs dry over a vault that takes no write, and asserts that the scratch location stays as it was too.</summary>
    private static async Task<Harness.Engine.Backup.BackupReport> DryRunAsync(EngineRig rig, string context)
    {
        var before = await ScratchOfAsync(rig);
        rig.WrapVault = inner => new FaultyVault(
            inner, call => call.Operation is "create" or "delete" ? throw new BackupException(ErrorCode.InternalError, $"a write: {call}") : null);
        var report = await rig.BackupAsync(request => request with { DryRun = true });
        rig.WrapVault = static vault => vault;
        Assert.That(await ScratchOfAsync(rig), Is.EqualTo(before), context);
        return report;
    }

    private static async Task<IReadOnlyList<string>> ScratchOfAsync(EngineRig rig)
    {
        var files = new List<string>();
        foreach (var name in await rig.Scratch.ListAsync(CancellationToken.None))
        {
            files.Add($"{name} {await rig.Scratch.GetLengthAsync(name, CancellationToken.None)}");
        }

        return files;
    }
}
