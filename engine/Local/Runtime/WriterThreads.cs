namespace Harness.Engine.Local.Runtime;

/// <summary>
/// A few threads that do what waits for a disk, so that those of the thread pool stay free for computation. A thread is made when
/// there is more to do than threads, up to the number given; all end when this is disposed. Safe for concurrent calls.
/// </summary>
internal sealed class WriterThreads(int count) : IDisposable
{
    // A monitor and not a collection that blocks: those spin before they wait, which costs the workers a processor.
    private readonly object _gate = new();
    private readonly Queue<Action> _work = new();
    private readonly List<Thread> _threads = [];
    private int _idle;
    private bool _isEnding;

    /// <summary>Runs it; what it throws is in the task.</summary>
    internal Task<T> RunAsync<T>(Func<T> action)
    {
        // The continuation must not run on the writer's thread, which has the next file to write.
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isEnding, this);
            _work.Enqueue(() => Run(action, done));
            if (_work.Count > _idle && _threads.Count < count)
            {
                var thread = new Thread(Work) { IsBackground = true, Name = "harness writer" };
                _threads.Add(thread);
                thread.Start();
            }
            else
            {
                Monitor.Pulse(_gate);
            }
        }

        return done.Task;
    }

    /// <summary>Ends the threads after what was asked for.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isEnding = true;
            Monitor.PulseAll(_gate);
        }

        _threads.ForEach(thread => thread.Join());
    }

    private static void Run<T>(Func<T> action, TaskCompletionSource<T> done)
    {
        try
        {
            done.SetResult(action());
        }
#pragma warning disable CA1031 // Whatever it is belongs to the caller, and goes there.
        catch (Exception error)
#pragma warning restore CA1031
        {
            done.SetException(error);
        }
    }

    private void Work()
    {
        while (Next() is { } action)
        {
            action();
        }
    }

    private Action? Next()
    {
        lock (_gate)
        {
            _idle++;
            while (_work.Count == 0 && !_isEnding)
            {
                _ = Monitor.Wait(_gate);
            }

            _idle--;
            return _work.TryDequeue(out var action) ? action : null;
        }
    }
}
