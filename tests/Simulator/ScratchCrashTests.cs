using System.Text;
using Harness.Simulator.Content;
using Harness.Simulator.Scratch;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

/// <summary>What a crash leaves of a scratch location: FAULT_MODEL.md section 2.</summary>
internal sealed class ScratchCrashTests
{
    private readonly SimScratch _scratch = new(1 << 30);

    [SetUp]
    public void Empty() => _scratch.Clear();

    [Test]
    public async Task Crash_Flushed_IsThereWhateverHappens([Values] CrashLoss loss)
    {
        await AppendAsync("a", "one");
        await _scratch.FlushAsync("a", default);
        await AppendAsync("a", "two");

        _scratch.Crash(loss, new SeededSequence(1));

        Assert.That((await TextAsync("a"))[..3], Is.EqualTo("one"));
        Assert.That(_scratch.UsedBytes, Is.EqualTo((await _scratch.GetLengthAsync("a", default))!.Value));
    }

    [Test]
    public async Task Crash_Dropped_LosesWhatWasNotFlushed()
    {
        await AppendAsync("a", "one");
        await _scratch.FlushAsync("a", default);
        await AppendAsync("a", "two");
        await AppendAsync("b", "three");
        await _scratch.RenameAsync("a", "c", default);

        _scratch.Crash(CrashLoss.Dropped, new SeededSequence(1));

        Assert.That(await _scratch.ListAsync(default), Is.EqualTo(new[] { "a" }));
        Assert.That(await TextAsync("a"), Is.EqualTo("one"));
    }

    [Test]
    public async Task Crash_FlushOfAName_CarriesWhatWasDoneToNamesBeforeIt()
    {
        await AppendAsync("a", "one");
        await AppendAsync("b", "two");
        await _scratch.RenameAsync("b", "c", default);
        await _scratch.FlushAsync("c", default);
        await AppendAsync("d", "three");
        await _scratch.DeleteAsync("a", default);

        _scratch.Crash(CrashLoss.Dropped, new SeededSequence(1));

        Assert.That(await _scratch.ListAsync(default), Is.EqualTo(new[] { "a", "c" }));
        Assert.That(await TextAsync("c"), Is.EqualTo("two"));
        Assert.That(await TextAsync("a"), Is.Empty, "the name was carried, the content never flushed");
    }

    [Test]
    public async Task Crash_Kept_LosesNothing()
    {
        await AppendAsync("a", "one");
        await _scratch.RenameAsync("a", "b", default);

        _scratch.Crash(CrashLoss.Kept, new SeededSequence(1));

        Assert.That(await TextAsync("b"), Is.EqualTo("one"));
    }

    [Test]
    public async Task Crash_Torn_KeepsLosesAndSpoilsPagesInManyWays()
    {
        var seen = new HashSet<string>();
        for (ulong seed = 1; seed <= 60; seed++)
        {
            _scratch.Clear();
            await AppendAsync("a", new string('x', 100));
            await _scratch.FlushAsync("a", default);
            await AppendAsync("a", new string('y', 20_000));
            await AppendAsync("b", "z");

            _scratch.Crash(CrashLoss.Torn, new SeededSequence(seed));

            var content = await TextAsync("a");
            Assert.That(content[..100], Is.EqualTo(new string('x', 100)));
            seen.Add((await _scratch.ListAsync(default)).Count == 2 ? "created" : "not created");
            seen.Add(content.Length == 100 ? "short" : content[100..].All(c => c == 'y') ? "whole" : "torn");
            seen.Add(content.Contains('\0', StringComparison.Ordinal) ? "zeros" : "no zeros");
        }

        Assert.That(seen, Is.SupersetOf(new[] { "created", "not created", "torn", "zeros" }));
    }

    [Test]
    public async Task Crash_SameSeed_LeavesTheSame()
    {
        async Task<string> RunAsync()
        {
            _scratch.Clear();
            await AppendAsync("a", new string('y', 20_000));
            _scratch.Crash(CrashLoss.Torn, new SeededSequence(7));
            return await TextAsync("a");
        }

        var first = await RunAsync();
        var second = await RunAsync();

        Assert.That(second, Is.EqualTo(first));
    }

    private async Task AppendAsync(string name, string text) => await _scratch.AppendAsync(name, Encoding.Latin1.GetBytes(text), default);

    private async Task<string> TextAsync(string name)
    {
        var buffer = new byte[(await _scratch.GetLengthAsync(name, default)) ?? 0];
        var count = await _scratch.ReadAsync(name, 0, buffer, default);
        return Encoding.Latin1.GetString(buffer, 0, count);
    }
}
