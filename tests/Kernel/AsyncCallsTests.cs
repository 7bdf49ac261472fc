using System.IO.Compression;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using Harness.Simulator.Kernel;
using Harness.Tests.Architecture;
using NUnit.Framework;

namespace Harness.Tests.Kernel;

/// <summary>
/// Which calls of .NET keep asynchronous work on the thread of a simulation, and which take it to the thread pool: what engine/Core
/// may use, and what is banned there. A runtime that moves one of them to the other side fails here.
/// </summary>
internal sealed class AsyncCallsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static IEnumerable<TestCaseData> Stay =>
    [
        Case("await of a task", async run => await run.HopAsync()),
        Case("Task.Yield", async run => await Task.Yield()),
        Case("async iterator", async run =>
        {
            await foreach (var item in run.ItemsAsync())
            {
                run.Look();
            }
        }),
        Case("await using", async run =>
        {
            await using var item = run;
            run.Look();
        }),
        Case("Task.Delay(TimeProvider)", async run => await Task.Delay(Second, run.Simulation.Clock)),
        Case("Task.WaitAsync(TimeProvider)", async run => await run.HopAsync().WaitAsync(Second, run.Simulation.Clock)),
        Case("PeriodicTimer(TimeProvider)", async run =>
        {
            using var timer = new PeriodicTimer(Second, run.Simulation.Clock);
            await timer.WaitForNextTickAsync();
        }),
        Case("CancellationTokenSource(TimeProvider)", async run =>
        {
            using var source = new CancellationTokenSource(Second, run.Simulation.Clock);
            var reached = new TaskCompletionSource();
            using var registration = source.Token.Register(() =>
            {
                run.Look();
                reached.SetResult();
            });
            await reached.Task;
        }),
        Case("SemaphoreSlim.WaitAsync, contended", async run =>
        {
            using var semaphore = new SemaphoreSlim(1);
            await semaphore.WaitAsync();
            var second = semaphore.WaitAsync();
            var release = ReleaseAsync();
            await second;
            run.Look();
            await release;
            async Task ReleaseAsync()
            {
                await Task.Yield();
                semaphore.Release();
            }
        }),
        Case("TaskCompletionSource, continuations apart", async run =>
        {
            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _ = LaterAsync();
            await source.Task;
            async Task LaterAsync()
            {
                await Task.Yield();
                source.SetResult();
            }
        }),
        Case("Channel, waits and reads", async run =>
        {
            var channel = Channel.CreateBounded<int>(1);
            var writer = WriteAsync();
            while (await channel.Reader.WaitToReadAsync())
            {
                run.Look();
                while (channel.Reader.TryRead(out _))
                {
                    run.Look();
                }
            }

            await writer;
            async Task WriteAsync()
            {
                for (var i = 0; i < 5; i++)
                {
                    await channel.Writer.WriteAsync(i);
                    run.Look();
                }

                channel.Writer.Complete();
            }
        }),
        Case("Task.WhenAll and WhenAny", async run =>
        {
            await Task.WhenAll(run.HopAsync(), run.HopAsync());
            run.Look();
            await await Task.WhenAny(run.HopAsync(), run.HopAsync());
        }),
        Case("Parallel.ForEachAsync on the scheduler of the simulation", async run => await Parallel.ForEachAsync(
            Enumerable.Range(0, 5),
            new ParallelOptions { TaskScheduler = run.Simulation.Scheduler, MaxDegreeOfParallelism = 2 },
            async (_, _) => await run.HopAsync())),
        Case("Pipe, written and read", async run =>
        {
            var pipe = new Pipe();
            var writer = WriteAsync();
            var read = await pipe.Reader.ReadAsync();
            run.Look();
            pipe.Reader.AdvanceTo(read.Buffer.End);
            await writer;
            async Task WriteAsync()
            {
                await Task.Yield();
                await pipe.Writer.WriteAsync(new byte[10]);
                run.Look();
            }
        }),
    ];

    private static IEnumerable<TestCaseData> Leave =>
    [
        Case("ConfigureAwait(false)", async run =>
        {
            await run.HopAsync().ConfigureAwait(false);
            run.Look();
            await run.HopAsync().ConfigureAwait(false);
        }),
        Case("Task.Run", async run => await Task.Run(run.Look)),
        Case("Task.Factory.StartNew without a scheduler", async run =>
        {
            await Task.Yield();
            await Task.Factory.StartNew(run.Look);
        }),
        Case("CancellationTokenSource.CancelAsync", async run =>
        {
            using var source = new CancellationTokenSource();
            using var registration = source.Token.Register(run.Look);
            await source.CancelAsync();
        }),
        Case("Parallel.ForEachAsync without a scheduler", async run =>
        {
            await Task.Yield();
            await Parallel.ForEachAsync(Enumerable.Range(0, 5), async (_, _) => await run.HopAsync());
        }),
        Case("Stream.CopyToAsync", async run => await run.Stream.CopyToAsync(Stream.Null)),
        Case("Stream.ReadExactlyAsync", async run => await run.Stream.ReadExactlyAsync(new byte[500])),
        Case("BufferedStream", async run =>
        {
            await using var buffered = new BufferedStream(run.Stream, 64);
            for (var i = 0; i < 50; i++)
            {
                _ = await buffered.ReadAsync(new byte[10]);
            }

            await buffered.CopyToAsync(Stream.Null);
        }),
        Case("StreamReader.ReadToEndAsync", async run =>
        {
            using var reader = new StreamReader(run.Stream, bufferSize: 128);
            await reader.ReadToEndAsync();
        }),
        Case("GZipStream", async run =>
        {
            await using var zip = new GZipStream(run.Stream, CompressionLevel.Fastest);
            await zip.WriteAsync(RandomNumberGenerator.GetBytes(100_000));
            await zip.FlushAsync();
            await zip.WriteAsync(RandomNumberGenerator.GetBytes(100_000));
        }),
        Case("SHA256.HashDataAsync", async run => await SHA256.HashDataAsync(run.Stream)),
        Case("JsonSerializer.SerializeAsync", async run =>
            await JsonSerializer.SerializeAsync(run.Stream, Enumerable.Range(0, 100_000).ToArray())),
        Case("ChannelReader.ReadAllAsync", async run =>
        {
            var channel = Channel.CreateUnbounded<int>();
            _ = WriteAsync();
            await foreach (var item in channel.Reader.ReadAllAsync())
            {
                run.Look();
            }

            async Task WriteAsync()
            {
                for (var i = 0; i < 5; i++)
                {
                    await Task.Yield();
                    channel.Writer.TryWrite(i);
                }

                channel.Writer.Complete();
            }
        }),
        Case("Task.WhenEach", async run =>
        {
            await foreach (var task in Task.WhenEach(run.HopAsync(), run.HopAsync(), run.HopAsync()))
            {
                run.Look();
            }
        }),
        Case("PipeReader.CopyToAsync", async run => await PipeReader.Create(run.Stream).CopyToAsync(Stream.Null)),
    ];

    [TestCaseSource(nameof(Stay))]
    public void Call_OfTheAllowed_StaysOnTheThread(Func<AsyncRun, Task> call)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            Assert.That(Leaves(call, seed), Is.Null);
        }
    }

    [TestCaseSource(nameof(Leave))]
    public void Call_OfTheBanned_LeavesTheThreadAndIsNoticed(Func<AsyncRun, Task> call) =>
        Assert.That(Leaves(call, 1), Is.Not.Null, "the call stays now: it may be taken off the banned list");

    /// <summary>What a case of the table is called in engine/Core/BannedSymbols.txt, by a part of it.</summary>
    private static readonly (string Case, string Banned)[] BannedAs =
    [
        ("ConfigureAwait(false)", "Task.ConfigureAwait(System.Boolean)"),
        ("Task.Run", "Task.Run(System.Action)"),
        ("Task.Factory.StartNew without a scheduler", "T:System.Threading.Tasks.TaskFactory"),
        ("CancellationTokenSource.CancelAsync", "CancellationTokenSource.CancelAsync"),
        ("Parallel.ForEachAsync without a scheduler", "T:System.Threading.Tasks.Parallel;"),
        ("Stream.CopyToAsync", "Stream.CopyToAsync("),
        ("Stream.ReadExactlyAsync", "Stream.ReadExactlyAsync("),
        ("BufferedStream", "T:System.IO.BufferedStream"),
        ("StreamReader.ReadToEndAsync", "T:System.IO.StreamReader"),
        ("GZipStream", "T:System.IO.Compression.GZipStream"),
        ("SHA256.HashDataAsync", "SHA256.HashDataAsync("),
        ("JsonSerializer.SerializeAsync", "JsonSerializer.SerializeAsync"),
        ("PipeReader.CopyToAsync", "T:System.IO.Pipelines.PipeReader"),
        ("ChannelReader.ReadAllAsync", "ChannelReader`1.ReadAllAsync("),
        ("Task.WhenEach", "Task.WhenEach"),
    ];

    [Test]
    public void Call_OfTheBanned_IsBannedInTheEngine()
    {
        var root = SourceTree.Root;
        var banned = File.ReadAllLines(Path.Combine(root, "engine", "Core", "BannedSymbols.txt"));
        var project = File.ReadAllText(Path.Combine(root, "engine", "Core", "Harness.Engine.csproj"));

        Assert.That(BannedAs, Has.Length.EqualTo(Leave.Count()));
        Assert.That(BannedAs.Where(item => !banned.Any(line => line.Contains(item.Banned, StringComparison.Ordinal))), Is.Empty);
        Assert.That(project, Does.Contain("Microsoft.CodeAnalysis.BannedApiAnalyzers").And.Contain("AdditionalFiles Include=\"BannedSymbols.txt\"").And.Not.Contain("RS0030"));
    }

    private static TestCaseData Case(string name, Func<AsyncRun, Task> call) => new TestCaseData(call).SetArgDisplayNames(name);

    private static string? Leaves(Func<AsyncRun, Task> call, ulong seed)
    {
        var run = new AsyncRun(new Simulation(seed));
        try
        {
            run.Simulation.Run(async () =>
            {
                await call(run);
                run.Look();
            });
        }
        catch (SimulationStoppedException error) when (error.Reason is SimulationStop.Escaped or SimulationStop.Stuck)
        {
            return error.Message;
        }

        return run.SeenElsewhere ? "it ran on another thread" : null;
    }
}
