using System.Text;
using Harness.Scenarios.Reports;

namespace Harness.Scenarios.Running;

/// <summary>
/// Writes results in the order of the plan, though they come as they finish: a line is written as soon as all before it
/// are. Safe for concurrent calls.
/// </summary>
internal sealed class OrderedResultWriter : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CellResult?[] _results;
    private readonly StreamWriter _writer;
    private int _written;

    public OrderedResultWriter(string file, int count)
    {
        _results = new CellResult?[count];
        _writer = new StreamWriter(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
    }

    public void Put(int index, CellResult result)
    {
        lock (_lock)
        {
            _results[index] = result;
            for (; _written < _results.Length && _results[_written] is { } next; _written++)
            {
                _writer.WriteLine(ResultsFile.ToLine(next));
            }

            _writer.Flush();
        }
    }

    /// <summary>Fills what is missing and returns all results in order.</summary>
    public IReadOnlyList<CellResult> Complete(Func<int, CellResult> missing)
    {
        for (var i = 0; i < _results.Length; i++)
        {
            if (_results[i] is null)
            {
                Put(i, missing(i));
            }
        }

        return [.. _results.Select(result => result!)];
    }

    public void Dispose() => _writer.Dispose();
}
