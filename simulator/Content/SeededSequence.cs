namespace Harness.Simulator.Content;

/// <summary>
/// A stream of choices from a seed. <see cref="System.Random"/> promises nothing across versions; this does. Not for more
/// than one thread.
/// </summary>
/// <param name="seed">The same seed gives the same choices on every machine.</param>
public sealed class SeededSequence(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next word.</summary>
    public ulong Next()
    {
        _state = unchecked(_state + Mix.Gamma);
        return Mix.Of(_state);
    }

    /// <summary>A number from 0 up to, not including, <paramref name="bound"/>, which is more than 0.</summary>
    public long Below(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (long)Math.BigMul(Next(), (ulong)bound, out _);
    }

    /// <summary>A number from 0 up to, not including, <paramref name="bound"/>, which is more than 0.</summary>
    public int Below(int bound) => (int)Below((long)bound);

    /// <summary>A number from 0 up to, not including, 1.</summary>
    public double NextUnit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True in so many of a thousand cases.</summary>
    public bool Permille(int chance) => Below(1000) < chance;

    /// <summary>One of the items.</summary>
    public T Pick<T>(IReadOnlyList<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return items[Below(items.Count)];
    }

    /// <summary>A standard normal number, by the sum of twelve uniform ones: no transcendental functions, so exact everywhere.</summary>
    public double NextNormal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
        {
            sum += NextUnit();
        }

        return sum;
    }
}
