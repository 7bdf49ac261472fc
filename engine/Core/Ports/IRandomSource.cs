namespace Harness.Engine.Ports;

/// <summary>
/// Randomness and identity: salts, keys, repository ids, jitter. In production a cryptographic generator, in a simulation a
/// seeded one.
/// </summary>
public interface IRandomSource
{
    /// <summary>Fills the buffer with random bytes.</summary>
    void Fill(Span<byte> buffer);
}
