using Harness.Engine.Ports;

namespace Harness.Scenarios.CommandLine.Output;

/// <summary>Progress as plain lines, for logs: one a phase, and one each ten seconds within it.</summary>
internal sealed class PlainProgress(TextWriter output, TimeProvider clock) : IProgressSink
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private long _lastLine = clock.GetTimestamp();

    /// <inheritdoc/>
    public void Phase(string name)
    {
        _lastLine = clock.GetTimestamp();
        output.WriteLine(name);
    }

    /// <inheritdoc/>
    public void Advance(long doneBytes, long totalBytes, long doneFiles)
    {
        if (clock.GetElapsedTime(_lastLine) >= Interval)
        {
            _lastLine = clock.GetTimestamp();
            output.WriteLine("  " + ProgressText.Of(doneBytes, totalBytes, doneFiles));
        }
    }
}
