using Harness.Simulator.Content;

namespace Harness.Simulator.Recipes;

/// <summary>Draws sizes as a recipe distributes them.</summary>
/// <param name="sizes">The distribution.</param>
/// <param name="seed">Which draws.</param>
internal sealed class SizeDraw(RecipeSizes sizes, ulong seed)
{
    private readonly SeededSequence _choice = new(seed);

    public long Next()
    {
        var size = sizes.Distribution switch
        {
            "fixed" => sizes.Median,
            "list" => _choice.Pick(sizes.Values),
            "uniform" => sizes.Min + _choice.Below(sizes.Max - sizes.Min + 1),
            _ => (long)Math.Min(sizes.Median * Exponential(sizes.Sigma * _choice.NextNormal()), sizes.Max),
        };
        return sizes.Distribution is "fixed" or "list" ? size : Math.Clamp(size, sizes.Min, sizes.Max);
    }

    /// <summary>e^x by additions and multiplications only, so that sizes are the same on every machine.</summary>
    private static double Exponential(double x)
    {
        var halvings = 0;
        while (Math.Abs(x) > 0.5)
        {
            x /= 2;
            halvings++;
        }

        var term = 1.0;
        var sum = 1.0;
        for (var i = 1; i < 18; i++)
        {
            term = term * x / i;
            sum += term;
        }

        for (; halvings > 0; halvings--)
        {
            sum *= sum;
        }

        return sum;
    }
}
