using Harness.Simulator.Volume;

namespace Harness.Scenarios.Searches.Histories;

/// <summary>Where a history happens: a folder of its own with the subject, a neighbour and a folder, each found wherever it went.</summary>
internal sealed class HistoryPlace
{
    /// <summary>Bytes of the subject: two pages and a part of one.</summary>
    public const int SubjectBytes = 10_000;

    private readonly SimVolume _volume;
    private readonly FileReference _folder;
    private readonly FileReference _subject;
    private readonly ulong _seed;

    /// <summary>Makes it, without traits.</summary>
    public HistoryPlace(SimVolume volume, int number)
    {
        (_volume, _seed) = (volume, (ulong)number << 8);
        _folder = volume.CreateDirectory($"h{number}");
        _subject = volume.CreateFile($"h{number}/s", SubjectBytes, seed: _seed + 1);
        volume.CreateFile($"h{number}/n", 3000, seed: _seed + 2);
        volume.CreateDirectory($"h{number}/d");
        volume.CreateFile($"h{number}/d/x", 500, seed: _seed + 3);
    }

    /// <summary>The volume.</summary>
    public SimVolume Volume => _volume;

    /// <summary>The folder of the history.</summary>
    public string Folder => _volume.Find(_folder)!.Path;

    /// <summary>The subject; after it was replaced, what has its name.</summary>
    public string Subject => _volume.Find(_subject)?.Path ?? In("s");

    /// <summary>A path in the folder.</summary>
    public string In(string name) => $"{Folder}/{name}";

    /// <summary>A seed that no other content of the search has.</summary>
    public ulong Seed(int which) => _seed + 16 + (ulong)which;
}
