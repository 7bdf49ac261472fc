using Harness.Simulator.Content;

namespace Harness.Simulator.Faults;

/// <summary>What <see cref="FaultKind.CorruptBody"/> does to a body.</summary>
public static class FlippedBit
{
    /// <summary>Flips one bit; which one follows from the name and the length, so that a replay flips the same one. An empty body stays.</summary>
    public static void Flip(string name, Span<byte> content)
    {
        if (content.Length > 0)
        {
            var bit = Mix.Of((ulong)content.Length, name) % ((ulong)content.Length * 8);
            content[(int)(bit / 8)] ^= (byte)(1 << (int)(bit % 8));
        }
    }
}
