using Azure.Core;
using Azure.Core.Pipeline;

namespace Harness.Engine.Azure.Wire;

/// <summary>
/// Gives each try the time that its bytes need on a slow line: the SDK's one network timeout is either too short for a pack
/// on such a line or too long for a listing. A pace that the vault is held to comes on top.
/// </summary>
internal sealed class TryTimeoutPolicy(AzureVaultOptions options, WirePace pace) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        long bytes = message.Request.Content is { } content && content.TryComputeLength(out long length) ? length : 0;
        message.NetworkTimeout = options.TryTimeoutFor(bytes) + pace.SlackFor(bytes);
    }
}
