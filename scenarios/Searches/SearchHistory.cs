using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Searches;

/// <summary>What happens to a volume between backups, by a small script that is the same in every run.</summary>
internal sealed class SearchHistory
{
    private readonly IReadOnlyList<Action<SimVolume>> _edits;

    private SearchHistory(string name, params IReadOnlyList<Action<SimVolume>> edits) => (Name, _edits) = (name, edits);

    /// <summary>The three that the exhaustive searches run.</summary>
    public static IReadOnlyList<SearchHistory> All { get; } =
    [
        new("small", SmallTree, static volume => volume.Write("docs/b.bin", 5000, new byte[] { 1, 2, 3 })),
        new("streams", StreamTree, static volume =>
        {
            volume.WriteGenerated("disk.vhd", 8 << 20, 4096, seed: 9);
            volume.Rename("secret.doc", "moved.doc");
        }),
        new("removal", SmallTree, static volume =>
        {
            volume.DeleteTree("docs");
            volume.CreateFile("new.bin", 100_000, ContentProfile.Random, 7);
        }),
    ];

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>How many backups it has: one after each edit.</summary>
    public int Backups => _edits.Count;

    /// <summary>Makes the edits before the n-th backup, from 0.</summary>
    public void Edit(SimVolume volume, int backup) => _edits[backup](volume);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static void SmallTree(SimVolume volume)
    {
        volume.CreateDirectories("docs/deep");
        volume.CreateFile("docs/a.txt", 3000, ContentProfile.Text, 1);
        volume.CreateFile("docs/b.bin", 90_000, ContentProfile.Random, 2);
        volume.CreateFile("docs/deep/c", 0);
    }

    private static void StreamTree(SimVolume volume)
    {
        volume.CreateFile("disk.vhd");
        volume.SetSparse("disk.vhd");
        volume.SetEndOfFile("disk.vhd", 16 << 20);
        volume.WriteGenerated("disk.vhd", 1 << 20, 70_000, seed: 3);
        volume.CreateFile("secret.doc", 9000, ContentProfile.Text, 4);
        volume.Encrypt("secret.doc");
        volume.CreateFile("with-stream", 100, ContentProfile.Text, 5);
        volume.CreateStream("with-stream:meta");
        volume.WriteGenerated("with-stream:meta", 0, 5000, seed: 6);
    }
}
