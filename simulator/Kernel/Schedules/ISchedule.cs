namespace Harness.Simulator.Kernel.Schedules;

/// <summary>Decides which of the ready pieces of work of a simulation goes next. One thread.</summary>
public interface ISchedule
{
    /// <summary>The index of the next one among <paramref name="ready"/>, which is 2 or more; they stand in the order in which they became ready.</summary>
    int Next(int ready);
}
