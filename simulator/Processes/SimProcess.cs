using Harness.Simulator.Faults;
using Harness.Simulator.Kernel;

namespace Harness.Simulator.Processes;

/// <summary>
/// An operating-system process of a simulation: what runs in it reaches the world through ports that belong to it, each call a step that
/// the schedule places, that may go wrong, and after which the process may be killed. A killed process does nothing more: its calls
/// never return, and not even its finally blocks run.
/// </summary>
/// <param name="simulation">The world.</param>
/// <param name="faults">What goes wrong.</param>
public sealed class SimProcess(Simulation simulation, IFaultSource faults) : IWorkOwner
{
    private static readonly TimeSpan HangTime = TimeSpan.FromHours(1);
    private static readonly TimeSpan SlowTime = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _killed = new();
    private readonly CancellationTokenSource _cancelled = new();

    /// <summary>The world.</summary>
    public Simulation Simulation => simulation;

    /// <summary>The machine that it runs on; null is one on which nothing goes wrong.</summary>
    public SimHost? Host { get; init; }

    /// <summary>The clock of its machine, as it reads it.</summary>
    public TimeProvider Clock => field ??= Host is null ? simulation.Clock : new ProcessClock(this, Host);

    /// <summary>Calls of ports that had their effect, or failed, so far.</summary>
    public long Operations { get; private set; }

    /// <summary>The process ends right after so many operations; null is never.</summary>
    public long? KillAfter { get; init; }

    /// <summary>It is asked to end after so many operations, as by Ctrl-C; null is never.</summary>
    public long? CancelAfter { get; init; }

    /// <summary>Set when it is asked to end.</summary>
    public CancellationToken Cancellation => _cancelled.Token;

    /// <summary>Whether anything went wrong in it so far.</summary>
    public bool HasMetFault { get; private set; }

    /// <summary>Told of each operation after its effect: number from 1, operation, key.</summary>
    public Action<long, string, string>? OnOperation { get; init; }

    /// <summary>Whether it was killed.</summary>
    public bool IsKilled => _killed.Task.IsCompleted;

    bool IWorkOwner.IsGone => IsKilled;

    /// <summary>Runs a program in the process to its end; <see cref="ProcessKilledException"/> when the process is killed before that.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        var running = program();
        await Task.WhenAny(running, _killed.Task);
        return running.IsCompleted && !IsKilled ? await running : throw new ProcessKilledException(Operations);
    }

    /// <summary>Ends the process where it stands.</summary>
    public void Kill() => _killed.TrySetResult();

    /// <summary>One call of a port.</summary>
    /// <param name="operation">One of <see cref="FaultCatalog.Kinds"/>.</param>
    /// <param name="key">What it is about.</param>
    /// <param name="effect">Does it, in the way that the fault asks for; hanging and being slow are over by then.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    internal async ValueTask<T> CallAsync<T>(
        string operation, string key, Func<FaultKind?, ValueTask<T>> effect, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var pending = simulation.Begin(operation, key, this);
        await TurnAsync();
        var fault = Ask(operation, key);
        await WaitAsync(fault, cancellationToken);
        try
        {
            return await effect(fault);
        }
        finally
        {
            End(operation, key);
            await TurnAsync();
        }
    }

    /// <summary>Lets whatever else is ready go first; never comes back once the process is killed.</summary>
    internal SimulationTurn TurnAsync() => simulation.YieldAsync(this);

    /// <summary>Asks how something goes wrong that is no step of its own.</summary>
    internal FaultKind? Ask(string operation, string key)
    {
        var fault = faults.Next(operation, key);
        HasMetFault |= fault is not null;
        simulation.Trace.Add(operation);
        simulation.Trace.Add(key);
        simulation.Trace.Add(fault is { } kind ? (long)kind : -1);
        return fault;
    }

    private void End(string operation, string key)
    {
        Operations++;
        OnOperation?.Invoke(Operations, operation, key);
        if (Operations == CancelAfter)
        {
            _cancelled.Cancel();
        }

        if (Operations == KillAfter)
        {
            Kill();
        }
    }

    private async ValueTask WaitAsync(FaultKind? fault, CancellationToken cancellationToken)
    {
        var time = fault switch
        {
            FaultKind.Hang => HangTime,
            FaultKind.Slow => SlowTime,
            _ => TimeSpan.Zero,
        };
        if (time > TimeSpan.Zero)
        {
            await simulation.DelayAsync(time, cancellationToken);
            await LiveAsync();
        }
    }


    /// <summary>Never returns once the process is killed.</summary>
    private Task LiveAsync() => IsKilled ? new TaskCompletionSource().Task : Task.CompletedTask;
}
