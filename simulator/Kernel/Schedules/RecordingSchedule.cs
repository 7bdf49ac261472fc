namespace Harness.Simulator.Kernel.Schedules;

/// <summary>Passes another schedule's choices on and keeps them, so that <see cref="RecordedSchedule"/> can play them again.</summary>
/// <param name="inner">Who chooses.</param>
public sealed class RecordingSchedule(ISchedule inner) : ISchedule
{
    private readonly List<int> _choices = [];

    /// <summary>The choices so far.</summary>
    public IReadOnlyList<int> Choices => _choices;

    /// <inheritdoc/>
    public int Next(int ready)
    {
        var choice = inner.Next(ready);
        _choices.Add(choice);
        return choice;
    }
}
