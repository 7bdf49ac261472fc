using Harness.Engine.Errors;

namespace Harness.Tests.Support;

/// <summary>
/// Runs asynchronous code on the calling thread alone: the least that a simulation kernel is. A synchronization context and a
/// task scheduler over one queue; which of the ready items goes next is first-come or, with a seed, drawn. When the queue is
/// empty and the work is not done, something waits for nobody or has left for another thread, and that is an error at once.
/// </summary>
internal sealed class SingleThreadPump(int? seed = null) : SynchronizationContext
{
    private readonly Lock _lock = new();
    private readonly List<Action> _ready = [];
    private readonly Random? _order = seed is { } value ? new Random(value) : null;
    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>Items run so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Calls that came from another thread; must stay 0.</summary>
    public int Strays { get; private set; }

    public override void Post(SendOrPostCallback callback, object? state) => Enqueue(() => callback(state));

    public override void Send(SendOrPostCallback callback, object? state) =>
        throw new NotSupportedException("A synchronous call would block the only thread.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Fails unless the caller is on the pump's thread.</summary>
    public void RequireOwnThread() => Invariant.Require(Environment.CurrentManagedThreadId == _thread);

    /// <summary>Runs to the end of the work and returns its result, or throws what it threw.</summary>
    public T Run<T>(Func<Task<T>> work)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var task = Task.Factory.StartNew(
                work, CancellationToken.None, TaskCreationOptions.None, new Scheduler(this)).Unwrap();
            while (!task.IsCompleted)
            {
                (Take() ?? throw new InvalidOperationException(
                    $"Nothing is ready after {Steps} steps and the work is not done: a deadlock, or it left the pump."))();
                Steps++;
            }

            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private void Enqueue(Action item)
    {
        lock (_lock)
        {
            Strays += Environment.CurrentManagedThreadId == _thread ? 0 : 1;
            _ready.Add(item);
        }
    }

    private Action? Take()
    {
        lock (_lock)
        {
            if (_ready.Count == 0)
            {
                return null;
            }

            var index = _order?.Next(_ready.Count) ?? 0;
            var item = _ready[index];
            _ready.RemoveAt(index);
            return item;
        }
    }

    private sealed class Scheduler(SingleThreadPump pump) : TaskScheduler
    {
        public override int MaximumConcurrencyLevel => 1;

        protected override void QueueTask(Task task) => pump.Enqueue(() => TryExecuteTask(task));

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
