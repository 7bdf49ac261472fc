using Harness.Engine.Ports;
using Spectre.Console;

namespace Harness.Scenarios.CommandLine.Output;

/// <summary>Progress as bars on a terminal: one a phase.</summary>
internal sealed class LiveProgress(ProgressContext context) : IProgressSink
{
    private ProgressTask? _task;
    private string _phase = "";

    /// <inheritdoc/>
    public void Phase(string name)
    {
        End();
        _phase = Markup.Escape(name);
        _task = context.AddTask(_phase);
        _task.IsIndeterminate = true;
    }

    /// <inheritdoc/>
    public void Advance(long doneBytes, long totalBytes, long doneFiles)
    {
        if (_task is null)
        {
            return;
        }

        _task.Description = $"{_phase} [grey]{Markup.Escape(ProgressText.Of(doneBytes, totalBytes, doneFiles))}[/]";
        if (totalBytes > 0)
        {
            _task.IsIndeterminate = false;
            _task.MaxValue = totalBytes;
            _task.Value = Math.Min(doneBytes, totalBytes);
        }
    }

    /// <summary>Completes the bar of the phase that runs.</summary>
    public void End()
    {
        if (_task is not null)
        {
            _task.IsIndeterminate = false;
            _task.Value = _task.MaxValue;
            _task.StopTask();
        }
    }
}
