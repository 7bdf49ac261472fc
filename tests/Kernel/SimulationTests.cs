using Harness.Simulator.Kernel;
using Harness.Simulator.Kernel.Schedules;
using NUnit.Framework;

namespace Harness.Tests.Kernel;

/// <summary>The kernel alone: order, time, limits, and what it says when work does not end.</summary>
internal sealed class SimulationTests
{
    [Test]
    public void Run_SameSeed_SameTraceAndOrder([Range(1, 5)] int seed)
    {
        var (first, trace) = Race(new Simulation((ulong)seed));
        var (second, again) = Race(new Simulation((ulong)seed));

        Assert.That((second, again), Is.EqualTo((first, trace)));
    }

    [Test]
    public void Run_ManySeeds_TakeManyOrders()
    {
        var orders = Enumerable.Range(1, 50).Select(seed => Race(new Simulation((ulong)seed)).Order).Distinct();

        Assert.That(orders.Count(), Is.GreaterThan(20));
    }

    [Test]
    public void Run_RecordedSchedule_PlaysTheSameOrder()
    {
        var recording = new RecordingSchedule(new SeededSchedule(9));
        var (order, trace) = Race(new Simulation(9, recording));

        Assert.That(Race(new Simulation(9, new RecordedSchedule(recording.Choices))), Is.EqualTo((order, trace)));
        Assert.That(Race(new Simulation(9, new FifoSchedule())).Order, Is.EqualTo("abcdef"));
        Assert.That(Race(new Simulation(9, new RecordedSchedule([]))).Order, Is.EqualTo("abcdef"));
    }

    [Test]
    public void Run_TimersOfOneInstant_ReadyTogetherInAnyOrder()
    {
        var orders = new HashSet<string>();
        for (ulong seed = 0; seed < 40; seed++)
        {
            var simulation = new Simulation(seed);
            orders.Add(simulation.Run(async () =>
            {
                var order = "";
                async Task Wait(char name)
                {
                    await simulation.DelayAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
                    order += name;
                }

                await Task.WhenAll(Wait('a'), Wait('b'), Wait('c'));
                return order;
            }));
        }

        Assert.That(orders, Has.Count.EqualTo(6));
    }

    [Test]
    public void Run_TimerDisposedByAnotherOfItsInstant_DoesNotFire()
    {
        var simulation = new Simulation(1, new FifoSchedule());
        var fired = "";
        simulation.Run(async () =>
        {
            ITimer? second = null;
            using var first = simulation.Clock.CreateTimer(
                _ =>
                {
                    fired += "first";
                    second!.Dispose();
                },
                null,
                TimeSpan.FromSeconds(1),
                Timeout.InfiniteTimeSpan);
            second = simulation.Clock.CreateTimer(_ => fired += "second", null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
            await simulation.DelayAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        });

        Assert.That(fired, Is.EqualTo("first"));
        Assert.That(simulation.Clock.GetElapsedTime(0), Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void Run_WorkThatWaitsForever_IsStuckAndSaysForWhat()
    {
        var simulation = new Simulation(1);

        var error = Assert.Throws<SimulationStoppedException>(() => simulation.Run(async () =>
        {
            using var create = simulation.Begin("vault.create", "packs/ab");
            using var flush = simulation.Begin("scratch.flush", "state");
            await new TaskCompletionSource().Task;
        }));

        Assert.That(error.Reason, Is.EqualTo(SimulationStop.Stuck));
        Assert.That(error.Waiting, Is.EqualTo(new[] { "vault.create packs/ab", "scratch.flush state" }));
        Assert.That(error.Message, Does.Contain("vault.create packs/ab; scratch.flush state"));
    }

    [Test]
    public void Run_BeyondALimit_IsStopped()
    {
        Assert.That(
            Stop(new SimulationLimits { Steps = 500 }, async simulation => await simulation.YieldAsync()),
            Is.EqualTo(SimulationStop.Steps));
        Assert.That(
            Stop(
                new SimulationLimits { SimulatedTime = TimeSpan.FromDays(1) },
                async simulation => await simulation.DelayAsync(TimeSpan.FromHours(1), CancellationToken.None)),
            Is.EqualTo(SimulationStop.SimulatedTime));
        Assert.That(
            Stop(
                new SimulationLimits { RealTime = TimeSpan.FromMilliseconds(1) },
                async simulation => await simulation.YieldAsync()),
            Is.EqualTo(SimulationStop.RealTime));
        var held = new List<byte[]>();
        Assert.That(
            Stop(
                new SimulationLimits { MemoryBytes = GC.GetTotalMemory(forceFullCollection: true) + (64 << 20) },
                async simulation =>
                {
                    held.Add(new byte[1 << 20]);
                    await simulation.YieldAsync();
                }),
            Is.EqualTo(SimulationStop.Memory));
        held.Clear();
    }

    [Test]
    public void Run_WorkThatLeavesTheThread_IsStopped()
    {
        var error = Assert.Throws<SimulationStoppedException>(() => new Simulation(1).Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await Task.Run(() => Thread.SpinWait(1 << 16));
            }
        }));

        Assert.That(error.Reason, Is.AnyOf(SimulationStop.Escaped, SimulationStop.Stuck));
    }

    [Test]
    public void Run_WorkThatThrows_ThrowsTheSame() => Assert.Throws<FormatException>(
        () => new Simulation(1).Run(async () =>
        {
            await Task.Yield();
            throw new FormatException();
        }));

    [Test]
    public void RequireOwnThread_FromAnother_ThrowsAndStopsTheRun()
    {
        var simulation = new Simulation(1);
        Exception? seen = null;
        var error = Assert.Throws<SimulationStoppedException>(() => simulation.Run(() =>
        {
            var stranger = new Thread(() => seen = Assert.Throws<InvalidOperationException>(simulation.RequireOwnThread));
            stranger.Start();
            stranger.Join();
            return Task.CompletedTask;
        }));

        Assert.That((error.Reason, seen), Is.EqualTo((SimulationStop.Escaped, seen)));
        Assert.That(seen, Is.Not.Null);
    }

    [Test]
    public void Stream_ByName_IsIndependent()
    {
        var simulation = new Simulation(3);
        var faults = simulation.Stream("faults");
        _ = simulation.Stream("workload").Next();

        Assert.That(faults.Next(), Is.EqualTo(new Simulation(3).Stream("faults").Next()));
        Assert.That(simulation.Stream("faults").Next(), Is.Not.EqualTo(simulation.Stream("workload").Next()));
    }

    private static SimulationStop Stop(SimulationLimits limits, Func<Simulation, ValueTask> turn)
    {
        var simulation = new Simulation(1, limits: limits);
        return Assert.Throws<SimulationStoppedException>(() => simulation.Run(async () =>
        {
            while (true)
            {
                await turn(simulation);
            }
        })).Reason;
    }

    private static (string Order, ulong Trace) Race(Simulation simulation)
    {
        var order = simulation.Run(async () =>
        {
            var order = "";
            async Task Step(char name)
            {
                await simulation.YieldAsync();
                order += name;
            }

            await Task.WhenAll("abcdef".Select(Step));
            return order;
        });
        return (order, simulation.Trace.Value);
    }
}
