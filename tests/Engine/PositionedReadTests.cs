using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Simulator.Snapshots;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Engine.Yielding;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>
/// Workers read what they compute on, in any order, while the logical thread goes on: the vault has the same bytes as without,
/// trouble is found where it belongs, and no stream stays open.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class PositionedReadTests
{
    private const int Workers = 3;

    [Test]
    public void Backup_WorkersRead_MakesTheVaultOfTheLogicalThread([Values(1, 2, 3)] int seed)
    {
        var plain = new EngineRig(7, work: new InlineOfWidth(Workers));
        Run(plain, source => source);
        PositionedSource? last = null;
        var pump = new SingleThreadPump(seed);
        var shared = new EngineRig(7, work: new YieldingWorkPool(pump, Workers));
        pump.Run(async () => await BackUpTwiceAsync(shared, source => last = new PositionedSource(source)));

        Assert.That(shared.Store.Snapshot(), Is.EqualTo(plain.Store.Snapshot()));
        Assert.That(last!.WorkerReads, Is.Positive);
        Assert.That(last.Open, Is.Zero);
    }

    [Test]
    public void Backup_ManySmallFiles_KeepsFewOpen()
    {
        var pump = new SingleThreadPump(1);
        var rig = new EngineRig(7, work: new YieldingWorkPool(pump, Workers));
        PositionedSource? source = null;
        rig.WrapSource = inner => source = new PositionedSource(inner);
        for (var i = 0; i < 300; i++)
        {
            rig.Volume.CreateFile($"{i}.txt", 3000, seed: (ulong)i);
        }

        pump.Run(async () => await rig.BackupAsync());

        Assert.That(source!.MostOpen, Is.InRange(Workers, 100));
        Assert.That(source.Open, Is.Zero);
    }

    [Test]
    public void Backup_WorkerCannotRead_ReportsThatFileAlone([Values(1, 2, 3)] int seed)
    {
        var pump = new SingleThreadPump(seed);
        var rig = Populated(new YieldingWorkPool(pump, Workers));
        PositionedSource? source = null;
        rig.WrapSource = inner => source = new PositionedSource(inner);
        rig.Faults.Fail("image.vhd", SourceFault.ReadError, SimVolumeOperation.Read);

        var report = pump.Run(async () =>
        {
            var made = await rig.BackupAsync();
            await rig.AssertAllWellAsync();
            return made;
        });

        Assert.That(report.Failed.Select(item => (item.Path, item.Reason)), Is.EqualTo(new[] { ("image.vhd", "read-error") }));
        Assert.That(source!.Open, Is.Zero);
    }

    [Test]
    public async Task Backup_StreamShorterThanWhenOpened_KeepsWhatIsThereAndWarns()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a.log", 10_000);
        rig.WrapSource = inner => new PositionedSource(inner) { CutBytes = 1 };

        var report = await rig.BackupAsync();

        Assert.That(report.Warnings.Select(warning => warning.Code), Is.EqualTo(new[] { "changed-while-read" }));
        Assert.That(report.ReadBytes, Is.EqualTo(9_999));
    }

    [Test]
    public void Backup_VaultFailsWhileWorkersRead_ClosesEveryStream([Values(1, 2, 3)] int seed)
    {
        var pump = new SingleThreadPump(seed);
        var rig = Populated(new YieldingWorkPool(pump, Workers));
        PositionedSource? source = null;
        rig.WrapSource = inner => source = new PositionedSource(inner);
        rig.WrapVault = vault => new FaultyVault(
            vault, call => call.Operation == "create" && call.Name.StartsWith("packs/", StringComparison.Ordinal) ? VaultFault.Before : null);

        pump.Run(async () => await BackupErrors.ExpectAsync(ErrorCode.VaultUnreachable, async () => await rig.BackupAsync()));

        Assert.That(source!.WorkerReads, Is.Positive);
        Assert.That(source.Open, Is.Zero);
    }

    private static void Run(EngineRig rig, Func<Harness.Engine.Ports.IDataSource, Harness.Engine.Ports.IDataSource> wrap) =>
        BackUpTwiceAsync(rig, wrap).GetAwaiter().GetResult();

    /// <summary>A first backup, and one after bytes were inserted, so that ranges are matched over their borders.</summary>
    private static async Task<BackupReport> BackUpTwiceAsync(
        EngineRig rig, Func<Harness.Engine.Ports.IDataSource, Harness.Engine.Ports.IDataSource> wrap)
    {
        Populate(rig);
        rig.WrapSource = wrap;
        await rig.BackupAsync();
        rig.Volume.InsertGenerated("image.vhd", 1_500_000, 100, 99);
        var report = await rig.BackupAsync();
        await rig.AssertAllWellAsync();
        return report;
    }

    private static EngineRig Populated(Harness.Engine.Ports.IWorkPool work)
    {
        var rig = new EngineRig(7, work: work);
        Populate(rig);
        return rig;
    }

    private static void Populate(EngineRig rig)
    {
        rig.Volume.CreateFile("image.vhd", 4_300_000, seed: 1);
        rig.Volume.CreateFile("report.txt", 9000, seed: 2);
        rig.Volume.CreateStream("report.txt:summary", 5000, seed: 3);
        rig.Volume.CreateFile("secret.bin", 20_000, seed: 5);
        rig.Volume.Encrypt("secret.bin");
        rig.Volume.CreateFile("empty");
        for (var i = 0; i < 40; i++)
        {
            rig.Volume.CreateFile($"small-{i}.txt", 500 * (i + 1), seed: 10 + (ulong)i);
        }
    }

    /// <summary>As wide as the other pool, since the pipeline's depth follows the width; everything at once and in order.</summary>
    private sealed class InlineOfWidth(int width) : Harness.Engine.Ports.IWorkPool
    {
        public int Width => width;

        public ValueTask<TResult> RunAsync<TState, TResult>(Func<TState, TResult> work, TState state) => ValueTask.FromResult(work(state));
    }
}
