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
    public const string Deleted = "deleted/";
    public const string Gc = "gc/";
    public const string Sessions = "sessions/";

    public static string Pack(Hash256 hash)
    {
        var hex = hash.ToString();
        return $"packs/{hex[..2]}/{hex}";
    }

    public static string Index(Hash256 hash) => $"index/{hash}";

    public static string Manifest(string source, Hash256 hash) => $"manifests/{source}/{hash}";

    public static string CommitsOf(string source) => $"commits/{source}/";

    public static string Commit(string source, long sequence) => $"commits/{source}/{sequence:D10}";

    public static string DeletedOf(string source) => $"deleted/{source}/";

    /// <summary>Name of a marker of a recovery point; an odd number forgets it, an even one undeletes it.</summary>
    public static string DeletedMarker(string source, long sequence, int number) => $"deleted/{source}/{sequence:D10}.{number:D6}";

    public static string GcRound(long sequence) => $"gc/{sequence:D10}";

    public static string SessionsOf(string source) => $"sessions/{source}/";

    public static string Session(string source, long number, string id) => $"sessions/{source}/{number:D10}-{id}";

    /// <summary>Name of a checkpoint of a session.</summary>
    public static string Checkpoint(string session, int number) => $"{session}.{number:D6}";

    /// <summary>Source and sequence of a commit's name, or null when it is no such name.</summary>
    public static (string Source, long Sequence)? ParseCommit(string name) => Parse(name, Commits);

    /// <summary>Source, sequence and number of the name of a marker of a recovery point, or null.</summary>
    public static (string Source, long Sequence, int Number)? ParseDeleted(string name) =>
        Suffixed(name) is { } parts && parts.Number > 0 && Parse(parts.Stem, Deleted) is { } point
            ? (point.Source, point.Sequence, parts.Number)
            : null;

    /// <summary>Sequence of the name of a gc blob, or null.</summary>
    public static long? ParseGc(string name) =>
        name.StartsWith(Gc, StringComparison.Ordinal) ? Number(name.AsSpan(Gc.Length)) : null;

    /// <summary>Source and number of a session's name, or null.</summary>
    public static (string Source, long Number)? ParseSession(string name)
    {
        var parts = name.Split('/');
        return parts.Length == 3 && parts[0] + "/" == Sessions && parts[1].Length == 32
            && parts[2].Length == 27 && parts[2][10] == '-' && Number(parts[2].AsSpan(0, 10)) is { } number
                ? (parts[1], number)
                : null;
    }

    /// <summary>Source and number of the session that a checkpoint's name tells, or null.</summary>
    public static (string Source, long Number)? ParseCheckpoint(string name) =>
        Suffixed(name) is { } parts ? ParseSession(parts.Stem) : null;

    /// <summary>What comes before a dot and six digits, and their number; null for another name.</summary>
    private static (string Stem, int Number)? Suffixed(string name)
    {
        const int suffixLength = 7;
        var dot = name.Length - suffixLength;
        return dot > 0 && name[dot] == '.' && !name.AsSpan(dot + 1).ContainsAnyExceptInRange('0', '9')
            ? (name[..dot], int.Parse(name.AsSpan(dot + 1)))
            : null;
    }

    private static (string Source, long Sequence)? Parse(string name, string prefix)
    {
        var parts = name.Split('/');
        return parts.Length == 3 && parts[0] + "/" == prefix && parts[1].Length == 32 && Number(parts[2]) is { } sequence
            ? (parts[1], sequence)
            : null;
    }

    private static long? Number(ReadOnlySpan<char> digits) =>
        digits.Length == 10 && !digits.ContainsAnyExceptInRange('0', '9') && long.Parse(digits) is > 0 and var number
            ? number
            : null;
}
