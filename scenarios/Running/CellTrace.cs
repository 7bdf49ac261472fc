namespace Harness.Scenarios.Running;

/// <summary>The last lines of what a cell did: beginnings of steps and calls to the vault. Safe for concurrent calls.</summary>
internal sealed class CellTrace
{
    /// <summary>So many lines are kept: enough for the last step, and a page of thousands of cells stays small.</summary>
    public const int MaxLines = 16;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = [];
    private long _dropped;

    /// <summary>The last lines, oldest first; the first says how many came before, where there were more.</summary>
    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (_lock)
            {
                return _dropped == 0 ? [.. _lines] : [$"({_dropped} earlier lines)", .. _lines];
            }
        }
    }

    /// <summary>Notes something that is no call, such as the beginning of a step.</summary>
    public void Note(string line)
    {
        lock (_lock)
        {
            if (_lines.Count == MaxLines)
            {
                _lines.Dequeue();
                _dropped++;
            }

            _lines.Enqueue(line);
        }
    }
}
