using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Harness.Scenarios.Searches.SecondReader;

/// <summary>FORMAT.md section 3: the repository, its master key, and the keys derived from that.</summary>
internal sealed class VaultKeys
{
    private readonly byte[] _master;

    public VaultKeys(IReadOnlyDictionary<string, byte[]> blobs, string passphrase)
    {
        using var repo = JsonDocument.Parse(blobs["repo"]);
        Require(repo.RootElement.GetProperty("format").GetString() == "harness-vault");
        Require(repo.RootElement.GetProperty("version").GetInt32() == 1);
        RepositoryId = Hex(repo.RootElement, "repositoryId");
        var repoHash = SHA256.HashData(blobs["repo"]);
        _master = blobs.Where(blob => blob.Key.StartsWith("keys/", StringComparison.Ordinal))
            .Select(blob => Unwrap(blob.Key, blob.Value, passphrase, repoHash)).Single(master => master is not null)!;
        IdKey = Derive("harness/1/segment-id", RepositoryId);
        SegmentTagKeys = [Derive("harness/1/segment-mac-1", RepositoryId), Derive("harness/1/segment-mac-2", RepositoryId)];
        PageTagKey = Derive("harness/1/page-mac", RepositoryId);
        RangeKey = Derive("harness/1/range-digest", RepositoryId);
        RangeTagKey = Derive("harness/1/range-mac", RepositoryId);
        SourceKey = Derive("harness/1/source-id", RepositoryId);
    }

    public byte[] RepositoryId { get; }

    public byte[] IdKey { get; }

    public byte[][] SegmentTagKeys { get; }

    public byte[] PageTagKey { get; }

    /// <summary>The keyed hash of content.</summary>
    public static byte[] Mac(byte[] key, byte[][] tagKeys, byte[] bytes)
    {
        byte[] tags = [.. tagKeys.SelectMany(tagKey => Tag(tagKey, bytes))];
        return HMACSHA256.HashData(key, tags);
    }

    public byte[] RangeKey { get; }

    public byte[] RangeTagKey { get; }

    public byte[] SourceKey { get; }

    public AesGcm BlobCipher(string info, byte[] salt) => new(Derive(info, [.. RepositoryId, .. salt]), 16);

    public static void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidDataException("not as FORMAT.md says");
        }
    }

    /// <summary>The tag of content.</summary>
    public static byte[] Tag(byte[] key, byte[] bytes)
    {
        using var cipher = new AesGcm(key, 16);
        var tag = new byte[16];
        cipher.Encrypt(new byte[12], Array.Empty<byte>(), Array.Empty<byte>(), tag, bytes);
        return tag;
    }

    private byte[] Derive(string info, byte[] salt) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _master, 32, salt, Encoding.ASCII.GetBytes(info));

    private byte[]? Unwrap(string name, byte[] blob, string passphrase, byte[] repoHash)
    {
        Require(name == "keys/" + Convert.ToHexStringLower(SHA256.HashData(blob))[..32]);
        using var json = JsonDocument.Parse(blob);
        var key = json.RootElement;
        if (!Hex(key, "repo").AsSpan().SequenceEqual(repoHash))
        {
            return null;
        }

        Require(key.GetProperty("kdf").GetString() == "PBKDF2-HMAC-SHA512");
        var wrapping = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.ASCII.GetBytes(passphrase), Hex(key, "salt"), key.GetProperty("iterations").GetInt32(), HashAlgorithmName.SHA512, 32);
        var wrapped = Hex(key, "wrapped");
        var master = new byte[32];
        using var cipher = new AesGcm(wrapping, 16);
        byte[] associated = [.. "harness/1/key"u8, .. RepositoryId, .. repoHash];
        cipher.Decrypt(Hex(key, "nonce"), wrapped.AsSpan(0, 32), wrapped.AsSpan(32), master, associated);
        return master;
    }

    private static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);
}
