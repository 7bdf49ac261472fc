namespace Harness.Engine.Restore;

/// <summary>Finds what a person may have meant by a path that is not there.</summary>
internal static class NearestPaths
{
    private const int Most = 3;

    /// <summary>
    /// At most three known paths: those that differ in case only, then those that a few letters turn into the wanted one,
    /// then those whose last component is the same.
    /// </summary>
    public static async ValueTask<IReadOnlyList<string>> ToAsync(string wanted, IAsyncEnumerable<RestoreItem> known)
    {
        var limit = Math.Max(2, wanted.Length / 5);
        var leaf = LeafOf(wanted);
        var best = new List<(int Distance, string Path)>();
        await foreach (var (path, _, _, _) in known)
        {
            var distance = path.Length == 0 ? limit + 2 : Score(wanted, leaf, path, limit);
            if (distance <= limit + 1)
            {
                best.Add((distance, path));
                best.Sort(static (a, b) => a.Distance != b.Distance
                    ? a.Distance.CompareTo(b.Distance)
                    : string.CompareOrdinal(a.Path, b.Path));
                best.RemoveRange(Math.Min(best.Count, Most), best.Count - Math.Min(best.Count, Most));
            }
        }

        return [.. best.Select(item => item.Path)];
    }

    private static int Score(string wanted, string leaf, string path, int limit)
    {
        var distance = Math.Abs(path.Length - wanted.Length) > limit ? limit + 2 : Distance(wanted, path, limit);
        return distance > limit && LeafOf(path).Equals(leaf, StringComparison.OrdinalIgnoreCase) ? limit + 1 : distance;
    }

    private static string LeafOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Letters to insert, delete or replace, case not counted; something above the limit when it is more.</summary>
    private static int Distance(string a, string b, int limit)
    {
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = previous[j - 1] + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
                least = Math.Min(least, current[j]);
            }

            if (least > limit)
            {
                return limit + 2;
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
