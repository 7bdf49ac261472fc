namespace Harness.Perf.Engines;

/// <summary>A repository in a directory beside the rest of its tool.</summary>
/// <param name="scheme">What the tool writes before a path, such as <c>dir:</c>; may be empty.</param>
internal sealed class DirectoryStorage(string scheme) : IToolStorage
{
    private string _directory = "";

    public string Address => scheme + _directory;

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    public void Begin(string home, string name) => _directory = Path.Combine(home, "repository");

    public long? StoredBytes() => BackupTool.BytesBelow(_directory);
}
