using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harness.Scenarios.Reports.Pages;

/// <summary>How data is written into the page.</summary>
internal static class PageJson
{
    /// <summary>The default encoder escapes '&lt;', '&gt;' and '&amp;', so no text can end a script element.</summary>
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>As text.</summary>
    public static string Text(object data) => JsonSerializer.Serialize(data, Options);

    /// <summary>Through gzip and base64, which every browser of today undoes by itself: a tenth of the size.</summary>
    public static string Packed(object data)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            JsonSerializer.Serialize(gzip, data, Options);
        }

        return Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length);
    }
}
