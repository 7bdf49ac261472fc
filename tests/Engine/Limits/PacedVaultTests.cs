using Harness.Engine.Limits;
using Harness.Engine.Local.Vaults;
using Harness.Engine.Ports;
using Harness.Simulator.Kernel;
using Harness.Tests.Local;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Limits;

/// <summary>Vaults that let a blob pass slice by slice, by virtual time.</summary>
[Parallelizable]
public sealed class PacedVaultTests
{
    private const int BlobBytes = 4 << 20;
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly Rate PerSecond = new(1 << 20);

    [TestCase(1, 1)]
    [TestCase(1_000, 1_000)]
    [TestCase(100_000, 12_500)]
    [TestCase(1 << 23, 1 << 20)]
    [TestCase(1L << 40, 1 << 20)]
    public void SliceOf_ARate_IsAnEighthOfASecondAndNeverMoreThanASecondOrAMebibyte(long rate, int expected)
    {
        var pacer = new Pacer(new Bandwidth(new Rate(rate)), new SimClock());

        Assert.That((pacer.SliceOf(1 << 25), pacer.SliceOf(1)), Is.EqualTo((expected, 1)));
    }

    [Test]
    public async Task Directory_BlobOfSeveralSeconds_PassesEvenlyInBothDirections()
    {
        using var temp = new TempDirectory();
        var clock = new SkippingClock(Monday);
        var vault = LimitedVault.Of(DirectoryVault.Open(temp.At("vault")), new Bandwidth(PerSecond), new Bandwidth(PerSecond), clock);
        var content = Content();
        WatchEvenly(clock, vault, traffic => traffic.SentBytes, TimeSpan.Zero);

        Assert.That(await vault.CreateAsync("packs/a", content, default), Is.True);
        var uploaded = clock.Elapsed;
        WatchEvenly(clock, vault, traffic => traffic.ReceivedBytes, uploaded);
        var read = await vault.ReadAsync("packs/a", BlobBytes, default);

        Assert.That(read, Is.EqualTo(content));
        Assert.That(uploaded.TotalSeconds, Is.EqualTo(4).Within(1).Percent);
        Assert.That((clock.Elapsed - uploaded).TotalSeconds, Is.EqualTo(4).Within(1).Percent);
        Assert.That(Directory.GetFiles(temp.At("vault/.tmp")), Is.Empty);
    }

    [Test]
    public async Task Directory_WorkHoursBeginWithinABlob_TheRestPassesAtTheirRate()
    {
        using var temp = new TempDirectory();
        var clock = new SkippingClock(Monday.AddSeconds(-2));
        var hours = WorkHours.Parse("08:00-09:00", "mon", TimeZoneInfo.Utc);
        var vault = LimitedVault.Of(
            DirectoryVault.Open(temp.At("vault")), new Bandwidth(PerSecond, hours, new Rate(1 << 18)), Bandwidth.Unlimited, clock);

        await vault.CreateAsync("packs/a", Content(), default);

        // Two seconds at 1 MiB, and the other 2 MiB at a quarter of it.
        Assert.That(clock.Elapsed.TotalSeconds, Is.EqualTo(2 + 8).Within(1).Percent);
    }

    [Test]
    public async Task Directory_CancelledBetweenSlices_EndsAndLeavesNothing()
    {
        using var temp = new TempDirectory();
        using var cancellation = new CancellationTokenSource();
        var clock = new SkippingClock(Monday);
        var vault = LimitedVault.Of(DirectoryVault.Open(temp.At("vault")), new Bandwidth(PerSecond), Bandwidth.Unlimited, clock);
        clock.OnSkip = elapsed =>
        {
            if (elapsed > TimeSpan.FromSeconds(2))
            {
                cancellation.Cancel();
            }
        };

        await Assert.ThatAsync(
            async () => await vault.CreateAsync("packs/a", Content(), cancellation.Token), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(vault.Traffic.SentBytes, Is.EqualTo(2 << 20).Within(1 << 18));
        Assert.That(await vault.GetLengthAsync("packs/a", default), Is.Null);
        Assert.That(Directory.GetFiles(temp.Path, "*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public async Task Directory_NameTaken_SendsNothingAndTakesNoTime()
    {
        using var temp = new TempDirectory();
        var clock = new SkippingClock(Monday);
        await DirectoryVault.Open(temp.At("vault")).CreateAsync("packs/a", new byte[10], default);
        var vault = LimitedVault.Of(DirectoryVault.Open(temp.At("vault")), new Bandwidth(PerSecond), Bandwidth.Unlimited, clock);

        Assert.That(await vault.CreateAsync("packs/a", Content(), default), Is.False);
        Assert.That((clock.Elapsed, vault.Traffic.SentBytes), Is.EqualTo((TimeSpan.Zero, 0L)));
    }

    [Test]
    [Category("Azurite")]
    public async Task Azure_BlobOfSeveralSeconds_TakesTheTimeOfItsBytesOnTheWire()
    {
        var location = await SharedAzurite.NewContainerAsync();
        await using var plain = await SharedAzurite.OpenAsync(location);
        await plain.CreateAsync("first", new byte[1], default);
        var clock = new SkippingClock(Monday);
        await using var vault = LimitedVault.Of(
            await SharedAzurite.OpenAsync(location), new Bandwidth(PerSecond), new Bandwidth(new Rate(1 << 21)), clock);
        var content = Content();

        Assert.That(await vault.CreateAsync("packs/a", content, default), Is.True);
        Assert.That(await vault.ReadAsync("packs/a", BlobBytes, default), Is.EqualTo(content));

        var traffic = vault.Traffic;
        Assert.That(traffic.SentBytes, Is.EqualTo(BlobBytes).Within(1).Percent);
        Assert.That(
            clock.Elapsed.TotalSeconds,
            Is.EqualTo((traffic.SentBytes / (double)(1 << 20)) + (traffic.ReceivedBytes / (double)(1 << 21))).Within(1).Percent);
    }

    [Test]
    [Category("Azurite")]
    public async Task Azure_CancelledWhileABlobWaits_EndsAtOnce()
    {
        using var cancellation = new CancellationTokenSource();
        var location = await SharedAzurite.NewContainerAsync();
        await using var plain = await SharedAzurite.OpenAsync(location);
        await plain.CreateAsync("first", new byte[1], default);
        var clock = new SkippingClock(Monday);
        await using var vault = LimitedVault.Of(
            await SharedAzurite.OpenAsync(location), new Bandwidth(PerSecond), Bandwidth.Unlimited, clock);
        clock.OnSkip = elapsed =>
        {
            if (elapsed > TimeSpan.FromSeconds(1))
            {
                cancellation.Cancel();
            }
        };

        await Assert.ThatAsync(
            async () => await vault.CreateAsync("packs/a", Content(), cancellation.Token), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(vault.Traffic.SentBytes, Is.LessThan(BlobBytes / 2));
        Assert.That(await plain.GetLengthAsync("packs/a", default), Is.Null);
    }

    /// <summary>At no moment has more passed than the rate allows until then, and never less by more than a slice and a bit.</summary>
    private static void WatchEvenly(SkippingClock clock, IVault vault, Func<VaultTraffic, long> bytes, TimeSpan begin) =>
        clock.OnSkip = elapsed =>
        {
            var due = (elapsed - begin).TotalSeconds * PerSecond.BytesPerSecond;
            Assert.That(bytes(vault.Traffic), Is.LessThanOrEqualTo(due + 1).And.GreaterThanOrEqualTo(due - (1 << 18)), $"after {elapsed}");
        };

    private static byte[] Content()
    {
        var content = new byte[BlobBytes];
        new Random(5).NextBytes(content);
        return content;
    }
}
