namespace Harness.Simulator.Compare;

/// <summary>What <see cref="VolumeComparer"/> looks at.</summary>
public sealed record VolumeComparison
{
    /// <summary>Folder of the expected side that takes part; "" is all.</summary>
    public string ExpectedFolder { get; init; } = "";

    /// <summary>Folder of the actual side that takes part; "" is all.</summary>
    public string ActualFolder { get; init; } = "";

    /// <summary>
    /// What the actual side must not have: paths relative to the folders, which stand for everything below them too, and
    /// streams as <c>path:stream</c>. Compared ordinally.
    /// </summary>
    public IReadOnlyCollection<string> LeftOut { get; init; } = [];

    /// <summary>Creation, write and change times, to 100 ns. The access time is never compared.</summary>
    public bool Times { get; init; } = true;

    /// <summary>Times of the top folder itself, which on a fresh volume belong to its making.</summary>
    public bool RootMetadata { get; init; }

    /// <summary>Allocated ranges of sparse streams.</summary>
    public bool AllocatedRanges { get; init; } = true;

    /// <summary>Extended attributes, and the case rule of directories.</summary>
    public bool ExtendedMetadata { get; init; } = true;

    /// <summary>Object ids and short names, which a copy on another volume gets anew. Not compared unless asked for.</summary>
    public bool Identity { get; init; }

    /// <summary>Valid data lengths, which no reader of data sees. Not compared unless asked for.</summary>
    public bool ValidDataLengths { get; init; }

    /// <summary>Access control.</summary>
    public bool Security { get; init; } = true;

    /// <summary>Stop after so many differences.</summary>
    public int MaxDifferences { get; init; } = 100;
}

/// <summary>One difference.</summary>
/// <param name="Path">Relative to the folders; a stream as <c>path:stream</c>.</param>
/// <param name="What">In words.</param>
public sealed record VolumeMismatch(string Path, string What)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(Path.Length == 0 ? "(root)" : Path)}: {What}";
}
