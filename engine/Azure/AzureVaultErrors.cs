using System.Security.Authentication;
using Azure;
using Azure.Storage.Blobs.Models;
using Harness.Engine.Errors;

namespace Harness.Engine.Azure;

/// <summary>
/// What a failure of the SDK means for a vault. Messages are made of status and error code only: the service's own text can
/// quote parts of a signature, so it is neither shown nor kept as the inner exception.
/// </summary>
internal static class AzureVaultErrors
{
    private const string AzuriteMemoryFull = "MemoryExtentStoreAtSizeLimit";
    private const string Md5Mismatch = "Md5Mismatch";

    public static bool IsVaultError(Exception error) => error
        is RequestFailedException or AggregateException or HttpRequestException or IOException
        or OperationCanceledException or AuthenticationException;

    public static bool IsContainerMissing(RequestFailedException error) =>
        error.Status == 404 && Is(error, BlobErrorCode.ContainerNotFound);

    public static bool IsBlobMissing(RequestFailedException error) =>
        error.Status == 404 && (error.ErrorCode is null || Is(error, BlobErrorCode.BlobNotFound));

    /// <summary>Whether an answer has a code. One that does not come from the Blob service itself has none, which the SDK does not compare.</summary>
    public static bool Is(RequestFailedException error, BlobErrorCode code) => error.ErrorCode is { } given && given == code;

    /// <summary>
    /// The body that arrived was not the body that was sent; the same call may succeed. A bare 400 is what an HTTP server says of half a
    /// request, before the service sees it.
    /// </summary>
    public static bool IsTransitDamage(Exception error) => error is TruncatedBodyException
        || (error is RequestFailedException { Status: 400 } refused
            && (refused.ErrorCode is null or Md5Mismatch || Is(refused, BlobErrorCode.Md5Mismatch)));

    /// <summary>The error as a person meets it.</summary>
    /// <param name="error">What the SDK threw.</param>
    /// <param name="what">What it was about.</param>
    /// <param name="right">What the call needs to be allowed, as a verb and the letter of a shared access signature.</param>
    /// <param name="location">The vault.</param>
    /// <param name="credential">The kind of the credential.</param>
    public static BackupException Translate(Exception error, string what, string right, AzureVaultLocation location, string credential)
    {
        // After several tries the SDK throws all their errors together; the last one says how it ended.
        Exception last = error is AggregateException { InnerExceptions.Count: > 0 } all ? all.InnerExceptions[^1] : error;
        return last is RequestFailedException { Status: > 0 } answer
            ? TranslateAnswer(answer, what, right, location, credential)
            : TranslateTransport(last, what, location);
    }

    private static BackupException TranslateAnswer(
        RequestFailedException answer, string what, string right, AzureVaultLocation location, string credential)
    {
        string code = $"{answer.Status} {answer.ErrorCode ?? "without error code"}";
        if (answer.Status is 401 or 403 || answer.ErrorCode is "PublicAccessNotPermitted" or "BlobImmutableDueToPolicy")
        {
            return new(
                ErrorCode.VaultAccessDenied,
                $"Vault {location} denied access to {what} ({code}).",
                answer.ErrorCode == BlobErrorCode.AuthorizationPermissionMismatch
                    ? $"The {credential} is insufficient: it lacks the right to {right}. The README says which rights each verb needs."
                    : $"The {credential} is expired, insufficient or for another account: it must be valid now and allow to {right} in the "
                    + "container. Check also the clock of this machine and the account's firewall.");
        }

        if (answer.Status is 507 or 413 || answer.ErrorCode == AzuriteMemoryFull)
        {
            return new(
                ErrorCode.VaultFull,
                $"Vault {location} accepts no more data ({code}); {what} was not written.",
                answer.ErrorCode == AzuriteMemoryFull
                    ? "Azurite gives memory back late: restart it, or use a smaller source."
                    : "Raise the account's limit, or prune the vault.");
        }

        if (IsContainerMissing(answer))
        {
            return new(
                ErrorCode.VaultUnreachable,
                $"Container '{location.Container}' does not exist in {location.Service.AbsoluteUri}.",
                "Create the container, or correct the vault's name.");
        }

        return IsTransitDamage(answer)
            ? Damaged($"what was sent for {what} arrived altered", location)
            : new(
                ErrorCode.VaultUnreachable,
                $"Vault {location} refused {what} ({code}).",
                "Try again later; when it stays so, check the account and the vault's name.");
    }

    private static BackupException TranslateTransport(Exception error, string what, AzureVaultLocation location)
    {
        Exception cause = error is RequestFailedException { InnerException: { } inner } ? inner : error;
        if (cause is TruncatedBodyException truncated)
        {
            return Damaged(truncated.Message, location);
        }

        string why = cause switch
        {
            OperationCanceledException => "no answer in time",
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the host name is not known",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } or AuthenticationException =>
                "no secure connection could be made: " + cause.Message,
            _ => cause.Message.TrimEnd('.'),
        };
        return new(
            ErrorCode.VaultUnreachable,
            $"Vault {location} cannot be reached for {what}: {why}.",
            "Check the vault's name, the network and, for Azurite, that it runs.",
            inner: cause is OperationCanceledException ? null : cause);
    }

    private static BackupException Damaged(string what, AzureVaultLocation location) => new(
        ErrorCode.VaultUnreachable,
        $"The connection to vault {location} damages data: {what}, several times.",
        "Check the network between here and the vault (proxies, adapters).");
}

/// <summary>A response ended before its Content-Length.</summary>
internal sealed class TruncatedBodyException(string what, long expectedBytes, long actualBytes)
    : IOException($"{what} ended after {actualBytes} of {expectedBytes} bytes");
