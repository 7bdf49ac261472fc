namespace Harness.Perf.Engines;

/// <summary>Where repositories are put: each tool has its own, and each round a new one.</summary>
internal interface IToolStorage
{
    /// <summary>Begins with an empty place.</summary>
    void Begin(string home, string name);

    /// <summary>The place in a tool's own words.</summary>
    string Address { get; }

    /// <summary>Bytes in it; null where that cannot be told.</summary>
    long? StoredBytes();

    /// <summary>What a tool needs in its environment to get there.</summary>
    IReadOnlyDictionary<string, string> Environment { get; }
}
