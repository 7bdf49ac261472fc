using Harness.Simulator.Content;
using Harness.Simulator.Kernel.Schedules;

namespace Harness.Simulator.Kernel;

/// <summary>
/// The kernel: one thread runs all of a simulation, and every choice in it comes from a seed. It is a synchronization context, a
/// task scheduler and a clock over one list of ready work; a schedule picks what goes next. When nothing is ready, the clock moves to
/// the next timers, and all timers of that instant become ready together. Two simulations share nothing: run one a core.
/// </summary>
public sealed class Simulation
{
    /// <summary>How many steps pass between two looks at real time and memory.</summary>
    public const int StepsBetweenLooks = 1024;

    private readonly List<ReadyWork> _ready = [];
    private readonly PendingOperations _pending = new();
    private readonly ISchedule _schedule;
    private readonly SimulationLimits _limits;
    private readonly TaskScheduler _scheduler;
    private int _thread;
    private volatile string? _escape;

    /// <summary>Makes one that has not begun.</summary>
    /// <param name="seed">Where every stream of choices comes from.</param>
    /// <param name="schedule">Who picks among ready work; null draws from the seed.</param>
    /// <param name="limits">When to give up; null for the default.</param>
    /// <param name="start">What the wall clock says at the start.</param>
    public Simulation(ulong seed, ISchedule? schedule = null, SimulationLimits? limits = null, DateTimeOffset? start = null)
    {
        Seed = seed;
        Clock = new SimClock(start);
        _schedule = schedule ?? new SeededSchedule(seed);
        _limits = limits ?? new SimulationLimits();
        _scheduler = new SimulationScheduler(this);
    }

    /// <summary>The seed.</summary>
    public ulong Seed { get; }

    /// <summary>The clock. It moves when nothing is ready.</summary>
    public SimClock Clock { get; }

    /// <summary>Everything that happened, as one word.</summary>
    public TraceHash Trace { get; } = new();

    /// <summary>Pieces of work run so far.</summary>
    public long Steps { get; private set; }

    /// <summary>
    /// Where tasks of the simulation run: what takes a scheduler (Parallel.ForEachAsync) must be given this one, since after an await
    /// the current scheduler is that of the thread pool again.
    /// </summary>
    public TaskScheduler Scheduler => _scheduler;

    /// <summary>An independent stream of choices: what one draws never shifts what another one draws.</summary>
    /// <param name="name">Stands for the stream; the same name gives the same choices from their start.</param>
    public SeededSequence Stream(string name) => new(Mix.Of(Seed, name));

    /// <summary>
    /// Runs work to its end on the calling thread and returns its result or throws what it threw; <see cref="SimulationStoppedException"/> when
    /// it does not end. May be called again when it has ended: the clock and the trace go on.
    /// </summary>
    public T Run<T>(Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new SimulationContext(this));
        _thread = Environment.CurrentManagedThreadId;
        try
        {
            var task = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, _scheduler).Unwrap();
            Pump(task);
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>As <see cref="Run{T}"/>, of work without a result.</summary>
    public void Run(Func<Task> work) => Run(async () =>
    {
        await work();
        return true;
    });

    /// <summary>Fails unless the caller is on the thread of the simulation: every port asks this in every call.</summary>
    public void RequireOwnThread()
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            Escape("A port was called from another thread than that of the simulation.");
            throw new InvalidOperationException(_escape);
        }
    }

    /// <summary>Marks an operation of a port as under way until the result is disposed, so that a stuck run can name it.</summary>
    /// <param name="operation">What is done, as faults address it.</param>
    /// <param name="key">What it is done to.</param>
    /// <param name="owner">Who does it; once that one is gone, nobody waits for it any more.</param>
    public PendingOperation Begin(string operation, string key, IWorkOwner? owner = null) => _pending.Begin(operation, key, owner);

    /// <summary>Lets whatever else is ready go first, as the schedule will have it.</summary>
    /// <param name="owner">Who goes on afterwards, unless it is gone by then; null for nobody who could be.</param>
    public SimulationTurn YieldAsync(IWorkOwner? owner = null)
    {
        RequireOwnThread();
        return new SimulationTurn(this, owner);
    }

    /// <summary>Lets simulated time pass.</summary>
    public async ValueTask DelayAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        RequireOwnThread();
        await Task.Delay(time, Clock, cancellationToken);
        RequireOwnThread();
    }

    /// <summary>
    /// Adds work to what is ready. From another thread it is not added but ends the run: nothing could be repeated any more.
    /// </summary>
    internal void Enqueue(object work, object? state)
    {
        if (Environment.CurrentManagedThreadId == _thread)
        {
            _ready.Add(new ReadyWork(work, state));
        }
        else
        {
            Escape("Work came back from another thread than that of the simulation.");
        }
    }

    private void Escape(string detail) => _escape ??= detail;

    private void Pump(Task main)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var from = Clock.GetTimestamp();
        while (!main.IsCompleted)
        {
            if (_escape is { } escape)
            {
                throw Stopped(SimulationStop.Escaped, escape);
            }

            if (_ready.Count > 0)
            {
                Step(Take(), begun);
            }
            else if (!Clock.MoveToNextTimers(fire => Enqueue(fire, state: null)))
            {
                throw _escape is { } late ? Stopped(SimulationStop.Escaped, late) : Stopped(SimulationStop.Stuck, "Nothing is ready, no timer is due, and the work is not done");
            }
            else if (Clock.GetElapsedTime(from) > _limits.SimulatedTime)
            {
                throw Stopped(SimulationStop.SimulatedTime, $"More than {_limits.SimulatedTime} of simulated time went by");
            }
        }

        if (_escape is { } last)
        {
            throw Stopped(SimulationStop.Escaped, last);
        }
    }

    private void Step(in ReadyWork work, long begun)
    {
        Trace.Add(Clock.GetTimestamp());
        work.Run();
        Steps++;
        if (Steps > _limits.Steps)
        {
            throw Stopped(SimulationStop.Steps, $"More than {_limits.Steps} steps were run");
        }

        if (Steps % StepsBetweenLooks == 0)
        {
            Look(begun);
        }
    }

    private void Look(long begun)
    {
        if (TimeProvider.System.GetElapsedTime(begun) > _limits.RealTime)
        {
            throw Stopped(SimulationStop.RealTime, $"More than {_limits.RealTime} of real time went by");
        }

        if (GC.GetTotalMemory(forceFullCollection: false) > _limits.MemoryBytes
            && GC.GetTotalMemory(forceFullCollection: true) > _limits.MemoryBytes)
        {
            throw Stopped(SimulationStop.Memory, $"More than {_limits.MemoryBytes} bytes of memory are held");
        }
    }

    private ReadyWork Take()
    {
        var index = _ready.Count == 1 ? 0 : _schedule.Next(_ready.Count);
        Trace.Add(index);
        var work = _ready[index];
        _ready.RemoveAt(index);
        return work;
    }

    private SimulationStoppedException Stopped(SimulationStop reason, string detail) =>
        new(reason, Steps, _pending.List(), detail);
}
