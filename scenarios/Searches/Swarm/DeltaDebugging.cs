namespace Harness.Scenarios.Searches.Swarm;

/// <summary>
/// Finds a part of a list of which nothing can be left out any more without losing what the whole shows (A. Zeller and R. Hildebrandt,
/// "Simplifying and Isolating Failure-Inducing Input", 2002: ddmin, by complements).
/// </summary>
internal static class DeltaDebugging
{
    /// <summary>The part. The whole list shows it; each call of <paramref name="shows"/> is one run.</summary>
    public static IReadOnlyList<T> Minimize<T>(IReadOnlyList<T> items, Func<IReadOnlyList<T>, bool> shows)
    {
        if (items.Count > 0 && shows([]))
        {
            return [];
        }

        var parts = 2;
        while (items.Count > 1)
        {
            var size = (items.Count + parts - 1) / parts;
            IReadOnlyList<T>? smaller = null;
            for (var from = 0; from < items.Count && smaller is null; from += size)
            {
                IReadOnlyList<T> rest = [.. items.Take(from), .. items.Skip(from + size)];
                smaller = shows(rest) ? rest : null;
            }

            if (smaller is not null)
            {
                (items, parts) = (smaller, Math.Max(2, parts - 1));
            }
            else if (size == 1)
            {
                break;
            }
            else
            {
                parts = Math.Min(items.Count, parts * 2);
            }
        }

        return items;
    }
}
