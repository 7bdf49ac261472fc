using System.Text.Json;
using Harness.Engine.Errors;

namespace Harness.Engine.Rules;

/// <summary>The profiles that ship with the engine, as JSON documents beside this class.</summary>
public static class ProfileCatalog
{
    private const string Prefix = "Harness.Engine.Rules.Profiles.";
    private const string Suffix = ".json";

    /// <summary>The profile used when none is named.</summary>
    public static string DefaultId => "dpm-classic-2018";

    /// <summary>Ids of all profiles, in ordinal order.</summary>
    public static IReadOnlyList<string> Ids { get; } =
        [.. typeof(ProfileCatalog).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length])
            .Order(StringComparer.Ordinal)];

    /// <summary>Loads a profile; ProfileNotFound with the known ids when there is none of that id.</summary>
    public static RuleProfile Load(string id)
    {
        using var stream = typeof(ProfileCatalog).Assembly.GetManifestResourceStream(Prefix + id + Suffix)
            ?? throw new BackupException(
                ErrorCode.ProfileNotFound, $"There is no rule profile '{id}'.", $"Known profiles: {string.Join(", ", Ids)}.");
        try
        {
            using var document = JsonDocument.Parse(stream);
            return ProfileReader.Read(document.RootElement);
        }
        catch (JsonException error)
        {
            throw new BackupException(ErrorCode.ProfileInvalid, $"Profile {id} cannot be read: {error.Message}", inner: error);
        }
    }
}
