using System.Diagnostics;

namespace Harness.Scenarios.Azurite;

/// <summary>The last lines that a child process printed: what an error message shows. Safe for concurrent calls.</summary>
internal sealed class OutputTail
{
    private const int MaxLines = 20;
    private const int MaxLineLength = 400;
    private readonly Queue<string> _lines = new();
    private readonly Lock _lock = new();

    /// <summary>Attaches to both outputs of a process, and reads them to their ends so that it never blocks.</summary>
    public void Attach(Process process, Action<string>? onLine = null)
    {
        process.OutputDataReceived += (_, e) => Add(e.Data, onLine);
        process.ErrorDataReceived += (_, e) => Add(e.Data, onLine);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return string.Join(Environment.NewLine, _lines);
        }
    }

    private void Add(string? line, Action<string>? onLine)
    {
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            _lines.Enqueue(line.Length > MaxLineLength ? line[..MaxLineLength] : line);
            if (_lines.Count > MaxLines)
            {
                _lines.Dequeue();
            }
        }

        onLine?.Invoke(line);
    }
}
