using System.Globalization;
using System.Security.Cryptography;
using Harness.Engine.Errors;
using Harness.Engine.Ports;

namespace Harness.Simulator.Processes;

/// <summary>What a vault answered, in words that can be compared.</summary>
internal static class TwinAnswer
{
    public static string Of(bool answer) => answer ? "true" : "false";

    public static string Of(long? length) => length?.ToString(CultureInfo.InvariantCulture) ?? "none";

    public static string Of(ReadOnlySpan<byte> content) =>
        string.Create(CultureInfo.InvariantCulture, $"{content.Length} bytes {Convert.ToHexStringLower(SHA256.HashData(content))}");

    public static string Of(IEnumerable<VaultBlob> blobs) =>
        string.Join(' ', blobs.Select(blob => string.Create(CultureInfo.InvariantCulture, $"{blob.Name}:{blob.LengthBytes}")));

    public static string Of(ErrorCode code) => code.ToString();
}
