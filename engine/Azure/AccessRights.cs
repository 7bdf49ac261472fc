using Azure;
using Azure.Storage.Blobs.Specialized;

namespace Harness.Engine.Azure;

/// <summary>What a call needs to be allowed: a verb, and the letter of a shared access signature.</summary>
internal static class AccessRights
{
    public const string Create = "create (c)";
    public const string Read = "read (r)";
    public const string List = "list (l)";
    public const string Delete = "delete (d)";

    /// <summary>Whether the blob is there, as far as the caller may know.</summary>
    public static async Task<bool> SeesAsync(BlobBaseClient blob, CancellationToken cancellationToken)
    {
        try
        {
            return await blob.ExistsAsync(cancellationToken);
        }
        catch (RequestFailedException)
        {
            // Who may not even look is told of the call that he made.
            return false;
        }
    }
}
