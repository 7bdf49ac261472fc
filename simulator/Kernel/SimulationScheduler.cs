namespace Harness.Simulator.Kernel;

/// <summary>Runs tasks as pieces of work of a simulation.</summary>
internal sealed class SimulationScheduler(Simulation simulation) : TaskScheduler
{
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs a task that was queued here.</summary>
    public void Execute(Task task) => TryExecuteTask(task);

    protected override void QueueTask(Task task) => simulation.Enqueue(task, this);

    // A task run within another one would be a choice that no schedule made.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
