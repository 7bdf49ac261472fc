using System.Security.Cryptography;
using System.Text;
using Harness.Scenarios.Yaml;

namespace Harness.Scenarios.Running;

/// <summary>Tells two catalogues apart, whatever directory they lie in.</summary>
internal static class CatalogDigest
{
    /// <summary>SHA-256 over id and bytes of every scenario file, by id.</summary>
    public static string Of(ScenarioCatalog catalog)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var scenario in catalog.Scenarios)
        {
            var content = File.ReadAllBytes(scenario.File);
            hash.AppendData(Encoding.UTF8.GetBytes($"{scenario.Id} {content.Length}\n"));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
