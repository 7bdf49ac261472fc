using Azure.Core;
using Azure.Identity;
using Harness.Engine.Azure;
using Harness.Engine.Errors;

namespace Harness.Scenarios.Vaults;

/// <summary>
/// Chooses the credential of an Azure vault: the most specific that is given, else the
/// published key for the emulators' own account on this machine, else the signed-in Azure identity.
/// </summary>
/// <param name="variable">Reads an environment variable.</param>
internal sealed class VaultCredentials(Func<string, string?> variable)
{
    public AzureVaultCredential For(VaultSpec spec) =>
        spec.Sas is { } inUrl ? AzureVaultCredential.FromSas(inUrl)
        : Given("AZURE_STORAGE_CONNECTION_STRING") is { } connection ? AzureVaultCredential.FromConnectionString(connection)
        : Given("AZURE_STORAGE_SAS_TOKEN") is { } sas ? AzureVaultCredential.FromSas(sas)
        : Given("AZURE_STORAGE_KEY") is { } key ? AzureVaultCredential.FromKey(key)
        : spec.Location is { Service.IsLoopback: true, Account: AzureVaultCredential.EmulatorAccount }
            ? AzureVaultCredential.FromConnectionString("UseDevelopmentStorage=true")
        : AzureVaultCredential.FromToken(new ExplainedCredential(new DefaultAzureCredential()));

    private string? Given(string name) => variable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Says what to do when there is no Azure identity; the identity library's own text runs over a page.</summary>
    private sealed class ExplainedCredential(TokenCredential inner) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            try
            {
                return inner.GetToken(requestContext, cancellationToken);
            }
            catch (AuthenticationFailedException error)
            {
                throw Explain(error);
            }
        }

        public override async ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            try
            {
                return await inner.GetTokenAsync(requestContext, cancellationToken);
            }
            catch (AuthenticationFailedException error)
            {
                throw Explain(error);
            }
        }

        private static BackupException Explain(AuthenticationFailedException error) => new(
            ErrorCode.VaultAccessDenied,
            "There is no credential for the Azure vault: none in the environment, and no Azure identity is signed in.",
            "Set AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_KEY, or sign in with 'az login'.",
            inner: error);
    }
}
