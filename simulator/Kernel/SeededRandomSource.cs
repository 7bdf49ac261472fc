using Harness.Engine.Ports;
using Harness.Simulator.Content;

namespace Harness.Simulator.Kernel;

/// <summary>Randomness of the engine from a seed: the same seed gives the same keys, salts and ids. Never for real data.</summary>
/// <param name="seed">The seed.</param>
public sealed class SeededRandomSource(ulong seed) : IRandomSource
{
    private readonly SeededSequence _sequence = new(Mix.Of(seed, "random source"));

    /// <inheritdoc/>
    public void Fill(Span<byte> buffer) =>
        ContentGenerator.Fill(ContentProfile.Random, _sequence.Next(), 0, buffer);
}
