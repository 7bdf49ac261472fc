using System.Collections;

namespace Harness.Simulator.FileSystem.Files;

/// <summary>
/// The lines of a file, read as they are asked for. As in .NET the file is opened when the sequence is made, and again for
/// every enumeration after the first.
/// </summary>
internal sealed class LineSequence(Func<StreamReader> open) : IEnumerable<string>
{
    private StreamReader? _first = open();

    public IEnumerator<string> GetEnumerator()
    {
        using var reader = Interlocked.Exchange(ref _first, null) ?? open();
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
