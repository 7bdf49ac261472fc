namespace Harness.Engine.Ports;

/// <summary>
/// A reader that any thread may ask, several at once, until it is disposed: workers then read themselves what they compute on,
/// while the logical thread goes on. A simulated source does not offer it, so that everything there happens on the pump.
/// </summary>
public interface IPositionedReader : ISourceReader
{
    /// <summary>
    /// Reads at <paramref name="offset"/> until the buffer is full or the stream ends; returns the bytes read. Waits for the
    /// disk and nothing else. <see cref="Errors.SourceReadException"/> on trouble. Safe for concurrent calls.
    /// </summary>
    int Read(long offset, Span<byte> buffer);
}
