namespace Harness.Engine.Backup;

/// <summary>Times the phases of a run by its own clock and tells whoever watches.</summary>
internal sealed class PhaseClock(EngineServices services)
{
    private readonly List<PhaseTime> _phases = [];
    private string? _name;
    private long _startedAt;

    public void Begin(string name, string announcement)
    {
        Close();
        (_name, _startedAt) = (name, services.Clock.GetTimestamp());
        services.Progress.Phase(announcement);
    }

    public IReadOnlyList<PhaseTime> End()
    {
        Close();
        return _phases;
    }

    private void Close()
    {
        if (_name is not null)
        {
            _phases.Add(new PhaseTime(_name, services.Clock.GetElapsedTime(_startedAt).TotalMilliseconds));
            _name = null;
        }
    }
}
