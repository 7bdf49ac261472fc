namespace Harness.Tests.Oracle;

/// <summary>Delta debugging (Zeller, Hildebrandt 2002): the shortest list found that still fails.</summary>
internal static class Shrinker
{
    /// <summary>Removes ever smaller pieces while the rest still fails. Costs one run for each attempt.</summary>
    /// <param name="items">A list that fails.</param>
    /// <param name="fails">Whether a list fails.</param>
    /// <param name="maxRuns">Stops after so many attempts with the best so far.</param>
    public static async Task<IReadOnlyList<T>> ShrinkAsync<T>(
        IReadOnlyList<T> items, Func<IReadOnlyList<T>, Task<bool>> fails, int maxRuns = 300)
    {
        var best = items;
        var runs = 0;
        for (var piece = Math.Max(best.Count / 2, 1); runs < maxRuns;)
        {
            var shrunk = false;
            for (var at = 0; at < best.Count && runs < maxRuns;)
            {
                IReadOnlyList<T> candidate = [.. best.Take(at), .. best.Skip(at + piece)];
                runs++;
                if (candidate.Count > 0 && await fails(candidate))
                {
                    best = candidate;
                    shrunk = true;
                }
                else
                {
                    at += piece;
                }
            }

            if (piece == 1 && !shrunk)
            {
                break;
            }

            piece = shrunk && piece == 1 ? 1 : Math.Max(piece / 2, 1);
        }

        return best;
    }
}
