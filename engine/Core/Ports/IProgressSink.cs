namespace Harness.Engine.Ports;

/// <summary>Told how a run goes. Calls come from the run's logical thread and must return at once.</summary>
public interface IProgressSink
{
    /// <summary>A phase began; names follow the console of the published agent ("Taking snapshot of volumes...").</summary>
    void Phase(string name);

    /// <summary>Progress within the phase.</summary>
    /// <param name="doneBytes">Logical bytes dealt with.</param>
    /// <param name="totalBytes">Logical bytes in all, or 0 when unknown.</param>
    /// <param name="doneFiles">Files dealt with.</param>
    void Advance(long doneBytes, long totalBytes, long doneFiles);
}

/// <summary>Ignores progress.</summary>
public sealed class NoProgress : IProgressSink
{
    /// <inheritdoc/>
    public void Phase(string name)
    {
    }

    /// <inheritdoc/>
    public void Advance(long doneBytes, long totalBytes, long doneFiles)
    {
    }
}
