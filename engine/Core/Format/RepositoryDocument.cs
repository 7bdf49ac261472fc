using System.Text.Json;
using Harness.Engine.Errors;

namespace Harness.Engine.Format;

/// <summary>The <c>repo</c> blob (FORMAT.md section 3).</summary>
internal sealed record RepositoryDocument(
    string Format, int Version, string RepositoryId, int PageBytes, int SegmentBytes, int PackBytes, DateTimeOffset Created)
{
    public const string FormatName = "harness-vault";

    public byte[] RepositoryIdBytes => Convert.FromHexString(RepositoryId);

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, DocumentJson.Default.RepositoryDocument);

    public static RepositoryDocument Decode(byte[] blob)
    {
        using var json = OpenJson.Parse(blob, BlobNames.Repo);
        var root = json.RootElement;
        var (format, number) = OpenJson.Read(root, BlobNames.Repo, static root => (root.Text("format"), root.Int("version")));
        if (format != FormatName)
        {
            throw Damage.In(BlobNames.Repo, "it does not describe a repository of this engine");
        }

        if (number != FormatLimits.Version)
        {
            throw new BackupException(
                ErrorCode.VaultFormatUnsupported,
                $"The vault has format version {number}; this engine reads and writes version {FormatLimits.Version}.",
                "Use the version of the engine that wrote the vault, or another vault. Nothing was changed.");
        }

        var document = OpenJson.Read(root, BlobNames.Repo, static root => new RepositoryDocument(
            FormatName,
            FormatLimits.Version,
            root.Text("repositoryId"),
            root.Int("pageBytes"),
            root.Int("segmentBytes"),
            root.Int("packBytes"),
            root.Moment("created")));
        var valid = document.RepositoryId is { Length: 32 } id && id.All(char.IsAsciiHexDigitLower)
            && document.PageBytes == FormatLimits.PageBytes && document.SegmentBytes == FormatLimits.RangeBytes
            && document.PackBytes is >= FormatLimits.SmallestPackBytes and <= FormatLimits.PackBytes;
        return valid ? document : throw Damage.In(BlobNames.Repo, "its values are out of range");
    }
}

/// <summary>A <c>keys/*</c> blob (FORMAT.md section 3).</summary>
internal sealed record KeyDocument(
    int Version, string Kdf, int Iterations, string Salt, string Repo, string Nonce, string Wrapped)
{
    public const string KdfName = "PBKDF2-HMAC-SHA512";

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, DocumentJson.Default.KeyDocument);

    public static KeyDocument Decode(byte[] blob, string name)
    {
        using var json = OpenJson.Parse(blob, name);
        var document = OpenJson.Read(json.RootElement, name, static root => new KeyDocument(
            root.Int("version"),
            root.Text("kdf"),
            root.Int("iterations"),
            root.Text("salt"),
            root.Text("repo"),
            root.Text("nonce"),
            root.Text("wrapped")));
        var valid = document.Version == FormatLimits.Version && document.Kdf == KdfName
            && document.Iterations is >= 1 and <= FormatLimits.KdfIterations
            && IsHex(document.Salt, 32) && IsHex(document.Repo, 32) && IsHex(document.Nonce, 12) && IsHex(document.Wrapped, 48);
        return valid ? document : throw Damage.In(name, "its values are out of range");
    }

    private static bool IsHex(string text, int bytes) => text.Length == bytes * 2 && text.All(char.IsAsciiHexDigitLower);
}

/// <summary>JSON of the blobs that are kept in the open.</summary>
internal static class OpenJson
{
    public static JsonDocument Parse(byte[] blob, string name)
    {
        // JsonDocument looks at the encoding of a string only when that is asked for, and then throws something else.
        if (!System.Text.Unicode.Utf8.IsValid(blob))
        {
            throw Damage.In(name, "it is not UTF-8");
        }

        try
        {
            return JsonDocument.Parse(blob);
        }
        catch (JsonException error)
        {
            throw Damage.In(name, "it is not JSON", error);
        }
    }

    public static T Read<T>(JsonElement root, string name, Func<JsonElement, T> read)
    {
        try
        {
            return read(root);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Damage.In(name, "its document cannot be read", error);
        }
    }
}
