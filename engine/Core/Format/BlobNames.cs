namespace Harness.Engine.Format;

/// <summary>Names of blobs (FORMAT.md section 2).</summary>
internal static class BlobNames
{
    public const string Repo = "repo";
    public const string Keys = "keys/";
    public const string Packs = "packs/";
    public const string Indexes = "index/";
    public const string Manifests = "manifests/";
    public const string Commits = "commits/";

    public static string Pack(Hash256 hash)
    {
        var hex = hash.ToString();
        return $"packs/{hex[..2]}/{hex}";
    }

    public static string Index(Hash256 hash) => $"index/{hash}";

    public static string Manifest(string source, Hash256 hash) => $"manifests/{source}/{hash}";

    public static string CommitsOf(string source) => $"commits/{source}/";

    public static string Commit(string source, long sequence) => $"commits/{source}/{sequence:D10}";

    /// <summary>Source and sequence of a commit's name, or null when it is no such name.</summary>
    public static (string Source, long Sequence)? ParseCommit(string name)
    {
        var parts = name.Split('/');
        return parts.Length == 3 && parts[0] == "commits" && parts[1].Length == 32 && parts[2].Length == 10
            && parts[2].All(char.IsAsciiDigit) && long.Parse(parts[2]) > 0
                ? (parts[1], long.Parse(parts[2]))
                : null;
    }
}
