using Harness.Simulator.Content;

namespace Harness.Simulator.Kernel;

/// <summary>
/// One word that stands for everything a simulation did, in order: two runs that are the same have the same word, in any process
/// and on any machine. Not for more than one thread.
/// </summary>
public sealed class TraceHash
{
    /// <summary>The word so far.</summary>
    public ulong Value { get; private set; } = Mix.Gamma;

    /// <summary>Adds a number.</summary>
    public void Add(long value) => Value = Mix.Of(Value ^ unchecked((ulong)value));

    /// <summary>Adds a text.</summary>
    public void Add(string text) => Value = Mix.Of(Value, text);

    /// <inheritdoc/>
    public override string ToString() => $"{Value:x16}";
}
