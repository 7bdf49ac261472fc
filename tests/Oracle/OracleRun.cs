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
    /// <param name="operations">What is done.</param>
    /// <param name="compareEvery">After how many operations the whole volumes are compared.</param>
    /// <param name="counts">Told what became of each operation; null when nobody counts.</param>
    /// <param name="planted">A bug: what the simulated volume does in place of an operation, null for nothing.</param>
    public static async Task<OracleDifference?> RunAsync(
        IReadOnlyList<OracleOperation> operations, int compareEvery = CompareEvery, OracleCounts? counts = null,
        Func<OracleOperation, OracleOperation?>? planted = null)
    {
        using var real = new NtfsSubject();
        var sim = new SimSubject();
        var started = TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(2);
        for (var i = 0; i < operations.Count; i++)
        {
            if (Step(sim, real, operations[i], counts, planted) is { } difference)
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

    private static string? Step(
        SimSubject sim, NtfsSubject real, OracleOperation operation, OracleCounts? counts,
        Func<OracleOperation, OracleOperation?>? planted)
    {
        if (IsOutOfReach(sim, operation))
        {
            counts?.AddOutOfReach();
            return null;
        }

        if (IsZerosIntoCompressed(sim, operation))
        {
            counts?.AddKnown(KnownDifferences.CompressedZeros);
            return null;
        }

        var refused = planted is null ? sim.Apply(operation) : planted(operation) is { } wrong ? sim.Apply(wrong) : null;
        if (refused is not null && KnownDifferences.ForRefusal(refused) is { } row && !IsInSameCase(sim, operation, row))
        {
            counts?.AddKnown(row);
            return null;
        }

        var failed = real.Apply(operation);
        if (refused is null && failed is not null && sim.TrySpoil(operation))
        {
            counts?.AddKnown(KnownDifferences.CompressedRewriteError);
            return null;
        }

        counts?.AddDone(refused is null);

        return (refused is null) == (failed is null) ? null
            : refused is null ? $"done on the simulated volume, refused on the mounted one: {failed}"
            : $"refused on the simulated volume, done on the mounted one: {refused}";
    }

    /// <summary>
    /// Zeros written into compressed data are sent to neither side: the driver may free clusters that the file goes on to use,
    /// and then any other file can be damaged (<see cref="KnownDifferences.CompressedZeros"/>).
    /// </summary>
    private static bool IsZerosIntoCompressed(SimSubject sim, OracleOperation operation)
    {
        if (operation.Kind is not (OracleKind.Write or OracleKind.Append) || !OracleValues.IsZeros(operation.Value))
        {
            return false;
        }

        var parts = operation.Path.Split(':');
        var name = parts.Length > 1 ? parts[1] : "";
        return sim.Volume.Find(parts[0])?.Streams.Any(stream => stream.SizeBytes > 0
            && stream.Flags.HasFlag(Harness.Simulator.Volume.StreamFlags.Compressed)
            && stream.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) == true;
    }

    /// <summary>
    /// Whether a name that exists already does so letter by letter: that both refuse, and only another case is a known
    /// difference.
    /// </summary>
    private static bool IsInSameCase(SimSubject sim, OracleOperation operation, string row)
    {
        var made = operation.Target.Length > 0 ? operation.Target : operation.Path;
        return row == KnownDifferences.Case && sim.Volume.Find(made) is { } entry && entry.Path == made;
    }

    /// <summary>
    /// The driver shows a link in place of a reparse point, so its data and what is below it cannot be reached
    /// (<see cref="KnownDifferences.ReparseContent"/>). Files cannot be compressed (<see cref="KnownDifferences.FileCompression"/>),
    /// and small system files are not shown as files (<see cref="KnownDifferences.InterixFiles"/>).
    /// </summary>
    private static bool IsOutOfReach(SimSubject sim, OracleOperation operation)
    {
        var usesData = operation.IsStream
            || operation.Kind is OracleKind.Write or OracleKind.Append or OracleKind.Truncate or OracleKind.Compress
                or OracleKind.Decompress;
        var entry = sim.Volume.Find(operation.Path.Split(':')[0]);

        // Opening a stream of no file creates the file too; the simulated volume wants that said.
        return IsGivenUp(sim, operation)
            || (usesData && (sim.IsSpoiled(operation.Path) || (operation.IsStream && entry is null)))
            || (operation.Kind == OracleKind.SetAttributes && (operation.Value & 0x4) != 0 && entry is { IsDirectory: false })
            || (operation.Kind is OracleKind.Compress or OracleKind.Decompress && entry is { IsDirectory: false })
            || (operation.Kind == OracleKind.Replace && HasLinkForDirectory(sim, operation))
            || (operation.Kind == OracleKind.Link && entry is { IsDirectory: true, ReparseTag: not null })
            || Crosses(sim, operation.Path, usesData)
            || (operation.Target.Length > 0 && Crosses(sim, operation.Target, false));
    }

    /// <summary>
    /// A file that the driver failed to write can fail to go, too (<see cref="KnownDifferences.CompressedRewriteError"/>): it
    /// stays where it is.
    /// </summary>
    private static bool IsGivenUp(SimSubject sim, OracleOperation operation) =>
        operation.Kind is OracleKind.Delete or OracleKind.Replace or OracleKind.Rename or OracleKind.Link
        && (sim.IsSpoiled(operation.Path) || (operation.Target.Length > 0 && sim.IsSpoiled(operation.Target)));

    /// <summary>A directory that is a reparse point is shown as a link, which rename(2) replaces like a file.</summary>
    private static bool HasLinkForDirectory(SimSubject sim, OracleOperation operation) =>
        sim.Volume.Find(operation.Path) is { IsDirectory: true, ReparseTag: not null }
        || sim.Volume.Find(operation.Target) is { IsDirectory: true, ReparseTag: not null };

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
