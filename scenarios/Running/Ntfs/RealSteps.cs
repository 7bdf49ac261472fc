using Harness.Scenarios.Model;

namespace Harness.Scenarios.Running.Ntfs;

/// <summary>Which steps a cell can take whose volumes are real.</summary>
internal static class RealSteps
{
    /// <summary><see cref="NotHeldException"/>, with the reason, for a step that only simulated volumes can take.</summary>
    public static void Require(StepDocument step)
    {
        if (step.Fault is not null || step.Vanish is not null)
        {
            throw new NotHeldException("faults are made on simulated volumes alone");
        }

        if (step.Wait is not null || step.Forget is not null || step.Backup?.Scheduled == true)
        {
            throw new NotHeldException("days pass on simulated volumes alone; a real one keeps the clock of this machine");
        }
    }
}
