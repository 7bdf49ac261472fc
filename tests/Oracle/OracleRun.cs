namespace Harness.Tests.Oracle;

/// <summary>One sequence on two fresh volumes.</summary>
internal static class OracleRun
{
    /// <summary>Operations between two comparisons.</summary>
    public const int CompareEvery = 100;

    /// <summary>
    /// Runs until something differs; the difference with the operations up to it, null when there is none. Comparisons
    /// look at the volume as a fresh mount shows it.
    /// </summary>
    public static async Task<OracleDifference?> RunAsync(IReadOnlyList<OracleOperation> operations, int compareEvery = CompareEvery)
    {
        using var real = new NtfsSubject();
        var sim = new SimSubject();
        var started = TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(2);
        for (var i = 0; i < operations.Count; i++)
        {
            if (Step(sim, real, operations[i]) is { } difference)
            {
                return new OracleDifference(i + 1, $"{operations[i]}: {difference}");
            }

            if ((i + 1) % compareEvery == 0 || i == operations.Count - 1)
            {
                // Each name of a stream has cached pages of its own in the kernel, which a write under another name leaves stale.
                real.Refresh(always: true);
                var found = await OracleComparer.CompareAsync(sim, real.Root, started);
                if (found.Count > 0)
                {
                    return new OracleDifference(i + 1, string.Join('\n', found));
                }
            }
        }

        real.Unmount();
        var torn = await OracleWitness.CheckAsync(real.ImagePath, sim);
        return torn is null ? null : new OracleDifference(operations.Count, torn);
    }

    private static string? Step(SimSubject sim, NtfsSubject real, OracleOperation operation)
    {
        if (IsOutOfReach(sim, operation))
        {
            return null;
        }

        var refused = sim.Apply(operation);
        if (refused is not null && KnownDifferences.ForRefusal(refused) is not null)
        {
            return null;
        }

        var failed = real.Apply(operation);
        if (refused is null && failed is not null && sim.TrySpoil(operation))
        {
            return null;
        }

        return (refused is null) == (failed is null) ? null
            : refused is null ? $"done on the simulated volume, refused on the mounted one: {failed}"
            : $"refused on the simulated volume, done on the mounted one: {refused}";
    }

    /// <summary>
    /// The driver shows a link in place of a reparse point, so its data and what is below it cannot be reached
    /// (<see cref="KnownDifferences.ReparseContent"/>).
    /// </summary>
    private static bool IsOutOfReach(SimSubject sim, OracleOperation operation)
    {
        var usesData = operation.IsStream
            || operation.Kind is OracleKind.Write or OracleKind.Append or OracleKind.Truncate or OracleKind.Compress
                or OracleKind.Decompress;
        var entry = sim.Volume.Find(operation.Path.Split(':')[0]);

        // Opening a stream of no file creates the file too; the simulated volume wants that said.
        return (usesData && (sim.IsSpoiled(operation.Path) || (operation.IsStream && entry is null)))
            || (operation.Kind == OracleKind.SetAttributes && (operation.Value & 0x4) != 0 && entry is { IsDirectory: false })
            || (operation.Kind == OracleKind.Link && entry is { IsDirectory: true, ReparseTag: not null })
            || Crosses(sim, operation.Path, usesData)
            || (operation.Target.Length > 0 && Crosses(sim, operation.Target, false));
    }

    private static bool Crosses(SimSubject sim, string path, bool includingItself)
    {
        var file = path.Split(':')[0];
        if (IsInOtherCase(sim, file))
        {
            return true;
        }

        for (var slash = file.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = file.IndexOf('/', slash + 1))
        {
            if (sim.Volume.Find(file[..slash]) is { ReparseTag: not null })
            {
                return true;
            }
        }

        return includingItself && sim.Volume.Find(file) is { ReparseTag: not null };
    }

    /// <summary>The driver tells names apart by case (KNOWN_DIFFERENCES, <c>case</c>): such a path leads nowhere there.</summary>
    private static bool IsInOtherCase(SimSubject sim, string path)
    {
        for (; path.Length > 0; path = path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "")
        {
            if (sim.Volume.Find(path) is { } entry && entry.Path != path)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A difference that nothing explains.</summary>
/// <param name="Operations">After how many operations.</param>
/// <param name="Text">In words.</param>
internal sealed record OracleDifference(int Operations, string Text)
{
    /// <summary>Its kind without names and numbers, so that a shrunk sequence fails in the same way.</summary>
    public string Signature
    {
        get
        {
            var line = Text.Split('\n')[0];
            var what = line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..];
            return string.Concat(what.Where(character => !char.IsAsciiDigit(character)).Take(60));
        }
    }
}
