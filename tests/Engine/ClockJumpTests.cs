using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>A wall clock that is set during a run and between runs: nothing is lost, and no duration is negative.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ClockJumpTests
{
    [Test]
    public async Task Backup_ClockJumps_EveryPointIsRight(
        [Values(-36_500, -1, 1, 36_500)] int days, [Values] bool during, [Values(TrackedWay.Scan, TrackedWay.Journal)] TrackedWay way)
    {
        var rig = new EngineRig().With(way);
        rig.Volume.CreateFile("a.bin", 50_000, seed: 1);
        rig.Volume.CreateFile("b.bin", 50_000, seed: 2);
        for (var run = 1; run <= 4; run++)
        {
            rig.Volume.WriteGenerated("a.bin", run * 4096, 4096, (ulong)run);
            var jumps = run % 2 == 0;
            if (jumps && !during)
            {
                Jump(rig, days);
            }

            rig.Faults.Hook = call =>
            {
                if (jumps && during && call.Path == "a.bin")
                {
                    jumps = false;
                    Jump(rig, days);
                }

                return null;
            };
            var report = await rig.BackupAsync();
            rig.Faults.Hook = null;

            Assert.That(report.Phases.Select(phase => phase.Milliseconds), Has.All.GreaterThanOrEqualTo(0));
            Assert.That(report.ChangedBytes, Is.EqualTo(run == 1 ? 100_000 : 4096));
        }

        await rig.AssertAllWellAsync();
    }

    private static void Jump(EngineRig rig, int days) => rig.Clock.SetUtcNow(rig.Clock.GetUtcNow().AddDays(days));
}
