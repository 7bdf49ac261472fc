namespace Harness.Tests.Oracle;

/// <summary>
/// Makes the operations of a failing sequence plainer, once no more of them can be left out: paths lose directories, sizes and
/// offsets become small. Each change is kept while the sequence still fails.
/// </summary>
internal static class OracleSimplifier
{
    /// <summary>Shrinks, simplifies, and shrinks again while that helps.</summary>
    /// <param name="operations">A sequence that fails.</param>
    /// <param name="fails">Whether a sequence fails in the same way.</param>
    /// <param name="maxRuns">Stops after about so many attempts with the best so far.</param>
    public static async Task<IReadOnlyList<OracleOperation>> ShrinkAsync(
        IReadOnlyList<OracleOperation> operations, Func<IReadOnlyList<OracleOperation>, Task<bool>> fails, int maxRuns = 600)
    {
        var runs = 0;
        Task<bool> Counted(IReadOnlyList<OracleOperation> candidate)
        {
            runs++;
            return fails(candidate);
        }

        var best = await Shrinker.ShrinkAsync(operations, Counted, maxRuns / 2);
        for (var isBetter = true; isBetter && runs < maxRuns;)
        {
            isBetter = false;
            foreach (var candidate in Candidates(best))
            {
                if (runs < maxRuns && await Counted(candidate))
                {
                    best = await Shrinker.ShrinkAsync(candidate, Counted, maxRuns - runs);
                    isBetter = true;
                    break;
                }
            }
        }

        return best;
    }

    private static IEnumerable<IReadOnlyList<OracleOperation>> Candidates(IReadOnlyList<OracleOperation> operations)
    {
        foreach (var directory in operations.SelectMany(operation => Directories(operation.Path).Concat(Directories(operation.Target)))
            .Distinct().OrderByDescending(path => path.Length))
        {
            yield return [.. operations.Select(operation => operation with
            {
                Path = Without(operation.Path, directory), Target = Without(operation.Target, directory),
            })];
        }

        for (var i = 0; i < operations.Count; i++)
        {
            foreach (var plainer in Plainer(operations[i]))
            {
                yield return [.. operations.Take(i), plainer, .. operations.Skip(i + 1)];
            }
        }
    }

    private static IEnumerable<OracleOperation> Plainer(OracleOperation operation)
    {
        if (operation.Offset > 0)
        {
            yield return operation with { Offset = 0 };
        }

        foreach (var length in new long[] { 1, 4096, operation.Length / 2 }.Where(length => length > 0 && length < operation.Length))
        {
            yield return operation with { Length = length };
        }

        if (operation.Value > 1 && operation.Kind is OracleKind.Write or OracleKind.Append or OracleKind.Truncate)
        {
            yield return operation with { Value = 1 };
        }
    }

    private static IEnumerable<string> Directories(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            yield return path[..slash];
        }
    }

    private static string Without(string path, string directory) =>
        path.StartsWith(directory + "/", StringComparison.Ordinal) ? path[(directory.Length + 1)..] : path;
}
