using Azure.Core;
using Harness.Engine.Errors;

namespace Harness.Engine.Azure;

/// <summary>
/// What proves the right to use a container: an account key, a shared access signature, or a token of Microsoft Entra ID.
/// Immutable; never prints what it holds.
/// </summary>
public sealed class AzureVaultCredential
{
    /// <summary>The account that the storage emulators have by default (Azurite README, "Default Storage Account").</summary>
    public const string EmulatorAccount = "devstoreaccount1";

    // The published key of that account; not a secret.
    private const string EmulatorKey =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private AzureVaultCredential(string kind)
    {
        Kind = kind;
    }

    /// <summary>The kind, for messages.</summary>
    public string Kind { get; }

    /// <summary>The account that a key or connection string belongs to, or null when it says none.</summary>
    public string? Account { get; private init; }

    internal string? Key { get; private init; }

    internal string? Sas { get; private init; }

    internal TokenCredential? Token { get; private init; }

    /// <summary>An account key in base64. ArgumentInvalid when it is no base64.</summary>
    public static AzureVaultCredential FromKey(string key, string? account = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (!Convert.TryFromBase64String(key, new byte[key.Length], out _))
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                "The Azure storage account key is not valid base64.",
                "Copy the key again from the storage account's 'Access keys'.");
        }

        return new("account key") { Key = key, Account = account };
    }

    /// <summary>A shared access signature, with or without the leading '?'.</summary>
    public static AzureVaultCredential FromSas(string sas)
    {
        ArgumentException.ThrowIfNullOrEmpty(sas);
        return new("shared access signature") { Sas = sas.TrimStart('?') };
    }

    /// <summary>A token credential; https only.</summary>
    public static AzureVaultCredential FromToken(TokenCredential token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new("Azure credentials") { Token = token };
    }

    /// <summary>
    /// Takes the credential out of a connection string: AccountKey, SharedAccessSignature, or UseDevelopmentStorage.
    /// ArgumentInvalid when it has none.
    /// </summary>
    public static AzureVaultCredential FromConnectionString(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        Dictionary<string, string> parts = new(StringComparer.OrdinalIgnoreCase);
        foreach (string part in connectionString.Split(
            ';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                parts[part[..equals].Trim()] = part[(equals + 1)..].Trim();
            }
        }

        string? account = parts.GetValueOrDefault("AccountName");
        if (parts.GetValueOrDefault("AccountKey") is { Length: > 0 } key)
        {
            return FromKey(key, account);
        }

        if (parts.GetValueOrDefault("SharedAccessSignature") is { Length: > 0 } sas)
        {
            return new("shared access signature") { Sas = sas.TrimStart('?'), Account = account };
        }

        return string.Equals(parts.GetValueOrDefault("UseDevelopmentStorage"), "true", StringComparison.OrdinalIgnoreCase)
            ? FromKey(EmulatorKey, EmulatorAccount)
            : throw new BackupException(
                ErrorCode.ArgumentInvalid,
                "The Azure storage connection string holds neither AccountKey nor SharedAccessSignature.",
                "Copy it again from the storage account's 'Access keys'; in a shell, quote it.");
    }

    /// <inheritdoc/>
    public override string ToString() => Kind;
}
