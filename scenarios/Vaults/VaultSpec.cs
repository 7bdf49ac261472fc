using Harness.Engine.Azure;
using Harness.Engine.Errors;

namespace Harness.Scenarios.Vaults;

/// <summary>The forms that a vault's name on the command line has.</summary>
public enum VaultKind
{
    /// <summary><c>memory</c> or <c>memory:NAME</c>.</summary>
    Memory,

    /// <summary><c>dir:PATH</c>.</summary>
    Directory,

    /// <summary><c>simulated</c> or <c>simulated:NAME</c>.</summary>
    Simulated,

    /// <summary><c>azurite</c> or <c>azurite:CONTAINER</c>.</summary>
    Azurite,

    /// <summary>A URL of a container.</summary>
    Azure,
}

/// <summary>A vault's name, taken apart. Immutable.</summary>
/// <param name="Kind">The form.</param>
/// <param name="Argument">What follows the colon, or null; for Azure the URL without its query.</param>
/// <param name="Location">The container, for Azure.</param>
/// <param name="Sas">The shared access signature in the URL, or null; secret.</param>
public sealed record VaultSpec(VaultKind Kind, string? Argument, AzureVaultLocation? Location, string? Sas)
{
    /// <summary>The known forms, for messages and help.</summary>
    public const string KnownForms =
        "memory, dir:PATH, simulated, azurite, https://ACCOUNT.blob.core.windows.net/CONTAINER, http(s)://HOST[:PORT]/ACCOUNT/CONTAINER";

    /// <summary>Reads a name. VaultNameInvalid when it has no known form.</summary>
    public static VaultSpec Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string scheme = colon < 0 ? text : text[..colon];
        string? argument = colon < 0 ? null : text[(colon + 1)..];
        switch (scheme)
        {
            case "memory" when argument is null or { Length: > 0 }:
                return new(VaultKind.Memory, argument, null, null);
            case "simulated" when argument is null or { Length: > 0 }:
                return new(VaultKind.Simulated, argument, null, null);
            case "dir" when argument is { Length: > 0 }:
                return new(VaultKind.Directory, argument, null, null);
            case "dir":
                throw Invalid(text, "the path is missing");
            case "azurite" when argument is null || AzureVaultLocation.IsContainerName(argument):
                return new(VaultKind.Azurite, argument, null, null);
            case "azurite":
                throw Invalid(text, "a container name has 3 to 63 lower-case letters, digits and single hyphens");
            case "http" or "https":
                AzureVaultLocation location = AzureVaultLocation.Parse(text, out string? sas);
                return new(VaultKind.Azure, location.DisplayName, location, sas);
            default:
                throw Invalid(text, "it has none of the known forms");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        VaultKind.Azure => Argument!,
        VaultKind.Directory => $"dir:{Argument}",
        _ => Kind.ToString().ToLowerInvariant() + (Argument is null ? string.Empty : $":{Argument}"),
    };

    private static BackupException Invalid(string text, string why) => new(
        ErrorCode.VaultNameInvalid,
        $"The vault '{text.Split('?')[0]}' is not usable: {why}.",
        $"Known forms: {KnownForms}.");
}
