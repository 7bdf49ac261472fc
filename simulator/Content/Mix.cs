using System.Buffers.Binary;

namespace Harness.Simulator.Content;

/// <summary>
/// The one integer mixer of the simulator: splitmix64 (Steele, Lea, Flood 2014) as a pure function. All overflow is
/// intended; the same input gives the same output on every machine.
/// </summary>
public static class Mix
{
    /// <summary>The odd constant that separates successive counters.</summary>
    public const ulong Gamma = 0x9E3779B97F4A7C15;

    /// <summary>Mixes one word.</summary>
    public static ulong Of(ulong value)
    {
        unchecked
        {
            value += Gamma;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }

    /// <summary>Mixes a word into a seed: the way to derive an independent stream.</summary>
    public static ulong Of(ulong seed, ulong value) => Of(unchecked(Of(seed) + (value * Gamma)));

    /// <summary>Mixes bytes into a seed.</summary>
    public static ulong Of(ulong seed, ReadOnlySpan<byte> content)
    {
        var hash = Of(seed, (ulong)content.Length);
        for (; content.Length >= sizeof(ulong); content = content[sizeof(ulong)..])
        {
            hash = unchecked((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(content)) * 0xBF58476D1CE4E5B9);
            hash ^= hash >> 32;
        }

        foreach (var value in content)
        {
            hash = Of(hash ^ value);
        }

        return Of(hash);
    }

    /// <summary>Derives a named stream from a seed.</summary>
    public static ulong Of(ulong seed, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var hash = Of(seed);
        foreach (var character in name)
        {
            hash = Of(hash ^ character);
        }

        return hash;
    }
}
