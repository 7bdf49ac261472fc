namespace Harness.Simulator.Kernel.Schedules;

/// <summary>
/// Plays choices again. Work that is no longer the recorded one still gets an answer, so that a shortened history runs to its end: a
/// choice beyond what is ready is taken as the last one ready, and beyond the record the first one goes.
/// </summary>
/// <param name="choices">The recorded choices, 0 or more each.</param>
public sealed class RecordedSchedule(IReadOnlyList<int> choices) : ISchedule
{
    private int _next;

    /// <inheritdoc/>
    public int Next(int ready) => _next < choices.Count ? Math.Min(choices[_next++], ready - 1) : 0;
}
