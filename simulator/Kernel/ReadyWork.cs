namespace Harness.Simulator.Kernel;

/// <summary>
/// A piece of work that may go next, in one of the forms in which .NET brings it, so that nothing is wrapped: there are hundreds in
/// a backup of three files.
/// </summary>
/// <param name="work">An <see cref="Action"/>, a <see cref="SendOrPostCallback"/> or a <see cref="Task"/>.</param>
/// <param name="state">What the callback is given, the scheduler of the task, or whose continuation the action is.</param>
internal readonly struct ReadyWork(object work, object? state)
{
    /// <summary>Runs it; what belongs to someone who is gone does nothing.</summary>
    public void Run()
    {
        switch (work)
        {
            case Action action:
                if (state is not IWorkOwner { IsGone: true })
                {
                    action();
                }

                break;
            case SendOrPostCallback callback:
                callback(state);
                break;
            default:
                ((SimulationScheduler)state!).Execute((Task)work);
                break;
        }
    }
}
