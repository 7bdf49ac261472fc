using Harness.Engine.Errors;

namespace Harness.Engine.Azure;

/// <summary>
/// Where a vault is: one container of one storage account. Two forms of URL: <c>https://ACCOUNT.blob.core.windows.net/CONTAINER</c>
/// (also other clouds: any host <c>ACCOUNT.blob.*</c>), and <c>http(s)://HOST[:PORT]/ACCOUNT/CONTAINER</c> as Azurite has it.
/// </summary>
public sealed record AzureVaultLocation
{
    private AzureVaultLocation(Uri service, string account, string container)
    {
        Service = service;
        Account = account;
        Container = container;
    }

    /// <summary>The blob service of the account, without a trailing '/'.</summary>
    public Uri Service { get; }

    /// <summary>The storage account.</summary>
    public string Account { get; }

    /// <summary>The container.</summary>
    public string Container { get; }

    /// <summary>The container's URL without any credential.</summary>
    public string DisplayName => $"{Service.AbsoluteUri.TrimEnd('/')}/{Container}";

    /// <summary>
    /// Reads a URL. A query is taken as a shared access signature and handed out apart. VaultNameInvalid when the URL has
    /// another form.
    /// </summary>
    public static AzureVaultLocation Parse(string url, out string? sas)
    {
        ArgumentNullException.ThrowIfNull(url);
        string shown = url.Split('?')[0];
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.UserInfo.Length > 0)
        {
            // A password in front of the host must not be shown again.
            throw Invalid(shown.Contains('@', StringComparison.Ordinal) ? "the URL" : shown, "it is no http or https URL without user name");
        }

        sas = uri.Query.Length > 1 ? uri.Query[1..] : null;
        string[] path = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string[] host = uri.Host.Split('.');
        bool accountInHost = uri.HostNameType == UriHostNameType.Dns && host is [_, "blob", _, ..];
        if (path.Length != (accountInHost ? 1 : 2))
        {
            throw Invalid(shown, accountInHost ? "its path must be the container alone" : "its path must be ACCOUNT/CONTAINER");
        }

        string account = accountInHost ? host[0] : path[0];
        string container = path[^1];
        if (!IsContainerName(container))
        {
            throw Invalid(shown, "a container name has 3 to 63 lower-case letters, digits and single hyphens");
        }

        string authority = uri.GetLeftPart(UriPartial.Authority);
        return new(new Uri(accountInHost ? authority : $"{authority}/{account}"), account, container);
    }

    /// <summary>Whether Azure accepts the name for a container ("Naming and referencing containers, blobs, and metadata").</summary>
    public static bool IsContainerName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is >= 3 and <= 63
            && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')
            && name[0] != '-'
            && name[^1] != '-'
            && !name.Contains("--", StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public override string ToString() => DisplayName;

    private static BackupException Invalid(string url, string why) => new(
        ErrorCode.VaultNameInvalid,
        $"The vault '{url}' is not usable: {why}.",
        "Use https://ACCOUNT.blob.core.windows.net/CONTAINER or http(s)://HOST[:PORT]/ACCOUNT/CONTAINER.");
}
