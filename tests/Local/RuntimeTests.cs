using Harness.Engine.Local.Runtime;
using NUnit.Framework;

namespace Harness.Tests.Local;

[TestFixture]
internal sealed class RuntimeTests
{
    [Test]
    public async Task WorkPool_MoreWorkThanWidth_NeverRunsMoreAtOnce()
    {
        using var pool = new ThreadPoolWorkPool(2);
        var (running, peak) = (0, 0);

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => pool.RunAsync(
            value =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref peak, now);
                Thread.SpinWait(20_000);
                _ = Interlocked.Decrement(ref running);
                return value * 2;
            },
            i).AsTask()));

        Assert.That(results, Is.EqualTo(Enumerable.Range(0, 50).Select(i => i * 2)));
        Assert.That(peak, Is.InRange(1, 2));
    }

    [Test]
    public async Task WorkPool_WorkThatThrows_GivesTheErrorAndItsSlotBack()
    {
        using var pool = new ThreadPoolWorkPool(1);

        _ = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await pool.RunAsync<int, int>(_ => throw new InvalidOperationException(), 0));

        Assert.That(await pool.RunAsync(value => value + 1, 1), Is.EqualTo(2));
    }

    [Test]
    public void SystemRandom_TwoFills_Differ()
    {
        var random = new SystemRandomSource();
        var (first, second) = (new byte[32], new byte[32]);

        random.Fill(first);
        random.Fill(second);

        Assert.That(first, Is.Not.EqualTo(second));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref target)) && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
