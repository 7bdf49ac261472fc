using System.Text.Json;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Restore;
using Harness.Engine.Segments;
using Harness.Simulator.Compare;
using Harness.Simulator.Restore;
using Harness.Simulator.Vaults;
using Harness.Simulator.Volume;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Engine.Yielding;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>Several files written at once: the same result whatever is ready first, and memory that the documents promise.</summary>
[Parallelizable]
public sealed class RestoreWritersTests
{
    private const int MiB = 1 << 20;

    [Test]
    public void Restore_EveryOrderOfReadyWrites_GivesTheSameVolumeAndReport([Range(1, 6)] int seed, [Values(1, 3)] int writers)
    {
        var rig = Task.Run(RigAsync).GetAwaiter().GetResult();
        var (plain, _) = rig.RestoreAsync().GetAwaiter().GetResult();

        var (report, volume, target) = OnPump(rig, seed, writers);

        Assert.That(JsonSerializer.Serialize(report), Is.EqualTo(JsonSerializer.Serialize(plain)), $"seed {seed}");
        Assert.That(VolumeComparer.Compare(rig.Snapshots[0], volume, new VolumeComparison()), Is.Empty);
        Assert.That(target.MostWriters, Is.EqualTo(writers));
    }

    [Test]
    public void Restore_NamesThatFoldTogetherUnderWay_LoseTheSameOne([Range(1, 6)] int seed)
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("unused");
        Task.Run(async () =>
        {
            await rig.BackupAsync();
            await EvilVault.CommitAsync(
                rig, [EvilVault.Folder(1, 1, ""), .. Enumerable.Range(2, 30).Select(i => EvilVault.File((ulong)i, 1, i % 2 == 0 ? $"name {i / 2}" : $"NAME {i / 2}"))]);
        }).GetAwaiter().GetResult();

        var (report, volume, _) = OnPump(rig, seed, writers: 4);

        Assert.That(report.Failed.Select(item => item.Path), Has.All.StartsWith("NAME").And.Exactly(15).Items);
        Assert.That(volume.Walk().Count(entry => entry.Name.StartsWith("name", StringComparison.Ordinal)), Is.EqualTo(15));
    }

    [Test]
    public async Task Restore_LongFilesAmongSmallOnes_HoldsNoMoreThanDocumented([Values(1, 4, 16)] int writers)
    {
        var rig = new EngineRig();
        for (var i = 0; i < 40; i++)
        {
            rig.Volume.CreateFile($"small {i}", 3000, seed: (ulong)i + 1);
            rig.Volume.CreateFile($"long {i}", 3 * MiB, seed: (ulong)i + 100);
        }

        await rig.BackupAsync();
        var pump = new SingleThreadPump(5);
        var volume = new SimVolume(rig.Volume.Settings, rig.Clock);
        var request = RequestOf(rig, new SimRestoreTarget(volume, known: rig.Snapshots[0]), pump, writers);

        var bytes = pump.Run(() => BufferBytesAsync(rig, request));

        Assert.That(bytes, Is.InRange(5L * SegmentGroup.MostBytes, (14L + writers) * SegmentGroup.MostBytes));
    }

    [TestCase(0)]
    [TestCase(65)]
    [TestCase(-1)]
    public async Task Restore_WritersOutOfRange_IsRefused(int writers)
    {
        var rig = new EngineRig();
        var error = await BackupErrors.ExpectAsync(
            ErrorCode.ArgumentInvalid,
            async () => await rig.RestoreAsync(change: request => request with { Options = new RestoreOptions { WritersAtOnce = writers } }));

        Assert.That(error.Remedy, Does.Contain("1 to 64"));
    }

    private static (RestoreReport Report, SimVolume Volume, YieldingTarget Target) OnPump(EngineRig rig, int seed, int writers)
    {
        var pump = new SingleThreadPump(seed);
        var volume = new SimVolume(rig.Volume.Settings, rig.Clock);
        var request = RequestOf(rig, new SimRestoreTarget(volume), pump, writers);
        var services = rig.Services with { Work = new YieldingWorkPool(pump, 3) };
        var report = pump.Run(async () => await new RestoreJob(services).RunAsync(request, CancellationToken.None));
        Assert.That(pump.Strays, Is.Zero);
        return (report, volume, (YieldingTarget)request.Target);
    }

    private static RestoreRequest RequestOf(EngineRig rig, SimRestoreTarget target, SingleThreadPump pump, int writers) => new()
    {
        Vault = new YieldingVault(new MemoryVault(rig.Store), pump),
        Passphrase = new Passphrase(rig.Passphrase),
        Target = new YieldingTarget(target, pump),
        Options = new RestoreOptions { WritersAtOnce = writers },
    };

    private static async Task<long> BufferBytesAsync(EngineRig rig, RestoreRequest request)
    {
        await using var point = await OpenedPoint.OpenAsync(
            rig.Services, request.Vault, request.Passphrase, (null, null), [], CancellationToken.None);
        using var index = new SegmentIndex(point.Repository, point.Scratch, rig.Services.Random);
        using var order = new RestoreOrder(point.State, index, point.Scratch, point.Repository.Keys, rig.Services.Random);
        var directories = await order.AddAsync(point.Selection, CancellationToken.None);
        var run = new RestoreRun(rig.Services, request, point.Repository, index, point.State, heldAnything: false);
        await run.RunAsync(point.Selection, directories, order, CancellationToken.None);
        return run.BufferBytes;
    }

    private static async Task<EngineRig> RigAsync()
    {
        var rig = new EngineRig(3);
        rig.Volume.CreateDirectories("folder/deeper");
        for (var i = 0; i < 200; i++)
        {
            rig.Volume.CreateFile($"folder/{(i % 3 == 0 ? "deeper/" : "")}file{i}.bin", i * 97, seed: (ulong)i + 1);
        }

        for (var i = 0; i < 5; i++)
        {
            rig.Volume.CreateFile($"long{i}.bin", (2 * MiB) + i, seed: (ulong)i + 900);
        }

        rig.Volume.CreateFile("sparse.bin");
        rig.Volume.SetSparse("sparse.bin");
        rig.Volume.SetEndOfFile("sparse.bin", 4 * MiB);
        rig.Volume.WriteGenerated("sparse.bin", 2 * MiB, 70_000, 6);
        rig.Volume.CreateStream("folder/file1.bin:more", 5000);
        rig.Volume.CreateFile("secret.bin", 40_000);
        rig.Volume.Encrypt("secret.bin");
        await rig.BackupAsync();
        return rig;
    }
}
