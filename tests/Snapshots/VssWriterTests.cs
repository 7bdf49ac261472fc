using Harness.Engine.Model;
using Harness.Simulator.Kernel;
using Harness.Simulator.Snapshots.Vss;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Snapshots;

/// <summary>Writers that agree, fail and hang; every limit by the simulated clock.</summary>
[TestFixture]
public sealed class VssWriterTests
{
    private SimClock _clock = null!;
    private SimVolume _volume = null!;
    private VssProvider _vss = null!;
    private List<string> _calls = null!;

    [SetUp]
    public void SetUp()
    {
        _clock = new SimClock();
        _volume = new SimVolume(new VolumeSettings(), _clock);
        _calls = [];
        Provide(new VssOptions());
    }

    [Test]
    public async Task Set_WithoutWriters_IsCrashConsistent()
    {
        var set = await _vss.CreateAsync(_volume);

        Assert.That(set.Consistency, Is.EqualTo(ConsistencyLevel.Crash));
        Assert.That(set.Snapshots.Single().Consistency, Is.EqualTo(ConsistencyLevel.Crash));
    }

    [Test]
    public async Task Set_OfWritersThatAgree_IsApplicationConsistent_AndShowsWhatTheyFlushed()
    {
        var writer = Writer("sql");
        writer.Freeze = _ =>
        {
            _volume.CreateFile("flushed");
            return ValueTask.CompletedTask;
        };
        writer.Thaw = _ =>
        {
            _volume.CreateFile("later");
            return ValueTask.CompletedTask;
        };
        Writer("registry");

        var set = await _vss.CreateAsync(_volume);

        Assert.That(set.Consistency, Is.EqualTo(ConsistencyLevel.Application));
        Assert.That(set.Snapshots[0].View.List("").Select(entry => entry.Path), Is.EqualTo(["flushed"]));
        Assert.That(set.Writers, Has.All.EqualTo(new VssWriterStatus("", VssWriterState.Stable, VssError.None))
            .Using<VssWriterStatus>((a, b) => (a.State, a.LastError) == (b.State, b.LastError)));
    }

    [Test]
    public async Task Writer_ThatThrows_LowersTheConsistency_AndTheNextSetIsWholeAgain()
    {
        var writer = Writer("sql");
        writer.Freeze = _ => throw new VssException(VssError.WriterNonRetryable, "no");
        Writer("registry").Thaw = _ => throw new IOException();

        var set = await _vss.CreateAsync(_volume);

        Assert.That(set.Consistency, Is.EqualTo(ConsistencyLevel.FileSystem));
        Assert.That(_vss.Writers, Is.EqualTo(
            [
                new VssWriterStatus("sql", VssWriterState.FailedAtFreeze, VssError.WriterNonRetryable),
                new VssWriterStatus("registry", VssWriterState.FailedAtThaw, VssError.WriterRetryable),
            ]));
        Assert.That(_calls, Is.EqualTo(["abort sql"]));
    }

    [Test]
    public async Task Writer_ThatHangsAtFreeze_IsGivenUpAfterSixtySeconds()
    {
        var cancelled = false;
        Writer("sql").Freeze = async token =>
        {
            try
            {
                await SimVssWriter.HangAsync(token);
            }
            finally
            {
                cancelled = true;
            }
        };
        var making = _vss.CreateAsync(_volume).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(59.9));
        Assert.That(making.IsCompleted, Is.False);
        Assert.That(() => _vss.CreateAsync(_volume).AsTask(), ThrowsWith(VssError.SnapshotSetInProgress));
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        var set = await making;
        Assert.That(set.Consistency, Is.EqualTo(ConsistencyLevel.FileSystem));
        Assert.That(set.Writers.Single(), Is.EqualTo(
            new VssWriterStatus("sql", VssWriterState.FailedAtFreeze, VssError.WriterTimeout)));
        Assert.That(cancelled, Is.True);
    }

    [Test]
    public async Task Writer_ThatHangsAtThaw_IsGivenUp_AndTheSnapshotStays()
    {
        Writer("sql").Thaw = SimVssWriter.HangAsync;
        var making = _vss.CreateAsync(_volume).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(60));

        var set = await making;
        Assert.That(set.Consistency, Is.EqualTo(ConsistencyLevel.FileSystem));
        Assert.That(set.Writers.Single().State, Is.EqualTo(VssWriterState.FailedAtThaw));
        Assert.That(_vss.List(), Is.EqualTo(set.Snapshots));
    }

    [Test]
    public async Task Writer_ThatWaitsTooLongForItsThaw_DoesNotCountAsAgreed()
    {
        Provide(new VssOptions { OnHold = token => Wait(5, token) });
        Writer("first");
        Writer("slow").Freeze = token => Wait(59, token);
        var making = _vss.CreateAsync(_volume).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(70));

        var set = await making;
        Assert.That(set.Consistency, Is.EqualTo(ConsistencyLevel.FileSystem));
        Assert.That(set.Writers.Select(writer => (writer.State, writer.LastError)), Is.EqualTo(
            [(VssWriterState.FailedAtThaw, VssError.WriterTimeout), (VssWriterState.Stable, VssError.None)]));
    }

    [Test]
    public void Hold_OfMoreThanTenSeconds_FailsTheSet_AndFreesTheWriters()
    {
        Provide(new VssOptions { OnHold = SimVssWriter.HangAsync });
        Writer("sql");
        var making = _vss.CreateAsync(_volume).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.That(() => making, ThrowsWith(VssError.HoldWritesTimeout));
        Assert.That(_vss.List(), Is.Empty);
        Assert.That(_calls, Is.EqualTo(["abort sql"]));
    }

    [Test]
    public void Cancellation_WhileAWriterHangs_FreesTheWriters()
    {
        using var stop = new CancellationTokenSource();
        Writer("sql");
        Writer("slow").Freeze = SimVssWriter.HangAsync;
        var making = _vss.CreateAsync(_volume, stop.Token).AsTask();

        stop.Cancel();

        Assert.That(() => making, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_calls, Is.EqualTo(["abort sql", "abort slow"]));
        Assert.That(_vss.Writers.Select(writer => writer.State), Has.All.EqualTo(VssWriterState.Stable));
    }

    internal static NUnit.Framework.Constraints.IResolveConstraint ThrowsWith(VssError error) =>
        Throws.TypeOf<VssException>().With.Property("Error").EqualTo(error).And.Property("HResult").EqualTo((int)error);

    private void Provide(VssOptions options)
    {
        // A volume has one provider, so that another one needs another volume.
        _volume = new SimVolume(new VolumeSettings(), _clock);
        _vss = new VssProvider(_clock, options);
        _vss.AddVolume(_volume);
    }

    private SimVssWriter Writer(string name)
    {
        var writer = new SimVssWriter(name) { Abort = () => _calls.Add($"abort {name}") };
        _vss.AddWriter(writer);
        return writer;
    }

    private async ValueTask Wait(int seconds, CancellationToken cancellationToken)
    {
        var elapsed = new TaskCompletionSource();
        await using var timer = _clock.CreateTimer(
            _ => elapsed.TrySetResult(), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
        await using var registration = cancellationToken.Register(() => elapsed.TrySetCanceled(cancellationToken));
        await elapsed.Task;
    }
}
