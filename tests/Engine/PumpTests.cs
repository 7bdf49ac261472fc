using Harness.Engine.Backup;
using Harness.Simulator.Content;
using Harness.Tests.Engine.Yielding;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>
/// The engine on a pump of one thread whose ports really yield: it stays there, ends, and does what it does on ports that
/// answer at once. So a simulation kernel can drive it unchanged.
/// </summary>
[Parallelizable]
public sealed class PumpTests
{
    private const int Page = 4096;

    [Test]
    public void Engine_OnPortsThatYield_StaysOnThePumpAndWritesTheSameBytes([Values] bool drawn)
    {
        var plain = new EngineRig(7);
        LifeAsync(plain).GetAwaiter().GetResult();
        var pump = new SingleThreadPump(drawn ? 5 : null);
        var yielding = Yielding(pump, width: 1);

        pump.Run(() => LifeAsync(yielding));

        Assert.That(pump.Strays, Is.Zero);
        Assert.That(pump.Steps, Is.GreaterThan(500));
        AssertSameVault(plain, yielding);
    }

    [Test]
    public void Engine_TwoRunsOfOneSeed_WriteTheSameBytes()
    {
        var first = new EngineRig(11);
        var second = new EngineRig(11);
        var third = new EngineRig(12);

        LifeAsync(first).GetAwaiter().GetResult();
        LifeAsync(second).GetAwaiter().GetResult();
        LifeAsync(third).GetAwaiter().GetResult();

        AssertSameVault(first, second);
        Assert.That(third.Store.Names(), Is.Not.EqualTo(first.Store.Names()));
    }

    [Test]
    public void Engine_EveryOrderOfReadyWorkOnAWidePool_RestoresTheSame([Range(1, 12)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var pump = new SingleThreadPump(seed);

        var report = pump.Run(() => LifeAsync(Yielding(pump, width: 4)));

        Assert.That(pump.Strays, Is.Zero);
        Assert.That(report.RecoveryPoint, Is.EqualTo(3));
    }

    [Test]
    public void Pump_WorkThatWaitsForNobody_IsNoticedAtOnce()
    {
        var pump = new SingleThreadPump();

        Assert.That(
            () => pump.Run(() => new TaskCompletionSource<int>().Task), Throws.InvalidOperationException.With.Message.Contains("deadlock"));
    }

    [Test]
    public void Pump_CallFromAnotherThread_IsNoticed()
    {
        var pump = new SingleThreadPump();
        var vault = new YieldingVault(new Harness.Simulator.Vaults.MemoryVault(), pump);
        Exception? seen = null;
        var stranger = new Thread(() => seen = Assert.Catch(
            () => vault.GetLengthAsync("a", CancellationToken.None).AsTask().GetAwaiter().GetResult()));

        stranger.Start();
        stranger.Join();

        Assert.That(seen, Is.InstanceOf<Harness.Engine.Errors.BackupException>());
    }

    private static EngineRig Yielding(SingleThreadPump pump, int width) =>
        new(7, work: new YieldingWorkPool(pump, width))
        {
            WrapVault = vault => new YieldingVault(vault, pump),
            WrapScratch = scratch => new YieldingScratch(scratch, pump),
            WrapSource = source => new YieldingSource(source, pump),
        };

    /// <summary>Full, two incrementals (one after losing the scratch location), every restore, check.</summary>
    private static async Task<BackupReport> LifeAsync(EngineRig rig)
    {
        rig.Parameters = rig.Parameters with { PackBytes = 64 << 10 };
        rig.Volume.CreateFile("image.vhd", 2 << 20);
        rig.Volume.CreateFile("notes.txt", 300_000, ContentProfile.Text);
        rig.Volume.CreateDirectories("folder/deeper");
        for (var i = 0; i < 20; i++)
        {
            rig.Volume.CreateFile($"folder/file{i}.bin", i * 777);
        }

        rig.Volume.CreateFile("secret.bin", 100_000);
        rig.Volume.Encrypt("secret.bin");
        rig.Volume.CreateFile("linked", 5);
        rig.Volume.CreateHardLink("linked too", "linked");
        await rig.BackupAsync();
        rig.Volume.WriteGenerated("image.vhd", 3 * Page, Page, 5);
        rig.Volume.WriteGenerated("image.vhd", (1 << 20) + (9 * Page), 3 * Page, 6);
        rig.Volume.Rename("folder", "renamed");
        rig.Volume.Append("notes.txt", "more"u8);
        await rig.BackupAsync();
        rig.Scratch.Clear();
        rig.Volume.WriteGenerated("image.vhd", 30 * Page, Page, 7);
        rig.Volume.Append("secret.bin", "x"u8);
        var last = await rig.BackupAsync();
        Assert.That(last.Failed, Is.Empty);
        await rig.AssertAllWellAsync();
        return last;
    }

    private static void AssertSameVault(EngineRig expected, EngineRig actual)
    {
        var (first, second) = (expected.Store.Snapshot(), actual.Store.Snapshot());
        Assert.That(second.Keys, Is.EqualTo(first.Keys));
        foreach (var (name, content) in first)
        {
            Assert.That(second[name].AsSpan().SequenceEqual(content), Is.True, name);
        }
    }
}
