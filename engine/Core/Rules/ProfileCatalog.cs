using System.Collections.Frozen;
using Harness.Engine.Errors;
using Harness.Engine.Rules.Reading;

namespace Harness.Engine.Rules;

/// <summary>The profiles that ship with the engine, as JSON documents beside this class. Each is read once, when first asked for.</summary>
public static class ProfileCatalog
{
    private const string Prefix = "Harness.Engine.Rules.Profiles.";
    private const string Suffix = ".json";
    private const string DocumentTable = "Harness.Engine.Rules.Documents.documents.json";

    private static readonly Lazy<IReadOnlyDictionary<string, RuleDocument>> Table =
        new(() => DocumentTableReader.Read(Resource(DocumentTable, "documents.json")!));

    private static readonly FrozenDictionary<string, Lazy<RuleProfile>> Profiles = typeof(ProfileCatalog).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
        .Select(name => name[Prefix.Length..^Suffix.Length])
        .ToFrozenDictionary(id => id, id => new Lazy<RuleProfile>(() => Read(id, [])), StringComparer.Ordinal);

    /// <summary>The profile used when none is named.</summary>
    public static string DefaultId => "dpm-classic-2018";

    /// <summary>Ids of all profiles, in ordinal order.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. Profiles.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The documents that clauses stand in, by key.</summary>
    public static IReadOnlyDictionary<string, RuleDocument> Documents => Table.Value;

    /// <summary>Loads a profile; ProfileNotFound with the known ids when there is none of that id.</summary>
    public static RuleProfile Load(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Profiles.TryGetValue(id, out var profile) ? profile.Value : throw NotFound(id);
    }

    private static RuleProfile Read(string id, IReadOnlyList<string> extending)
    {
        var text = Resource(Prefix + id + Suffix, id + Suffix) ?? throw NotFound(id);
        var profile = ProfileReader.Read(
            text,
            parent => parent == id || extending.Contains(parent)
                ? throw new BackupException(ErrorCode.ProfileNotFound, $"Profile {parent} extends itself.")
                : Read(parent, [.. extending, id]),
            Documents);
        Invariant.Require(profile.Id == id);
        return profile;
    }

    private static ProfileText? Resource(string name, string shownName)
    {
        using var stream = typeof(ProfileCatalog).Assembly.GetManifestResourceStream(name);
        if (stream is null)
        {
            return null;
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new ProfileText(shownName, bytes);
    }

    private static BackupException NotFound(string id) => new(
        ErrorCode.ProfileNotFound, $"There is no rule profile '{id}'.", $"Known profiles: {string.Join(", ", Ids)}.");
}
