using System.Globalization;
using System.Text.RegularExpressions;
using Harness.Tests.Support;

namespace Harness.Tests.Export;

/// <summary>
/// An unmounted NTFS image as wimlib sees it: a reader of NTFS by others, which knows streams, hard links, reparse points, short
/// names and object ids. Encrypted files it leaves out.
/// </summary>
internal sealed partial class WimListing
{
    private WimListing(IReadOnlyList<WimEntry> entries) => Entries = entries;

    /// <summary>Every name of the image.</summary>
    public IReadOnlyList<WimEntry> Entries { get; }

    /// <summary>Reads an image; needs wimlib-imagex.</summary>
    /// <param name="imagePath">The image, not mounted.</param>
    /// <param name="folder">Where the archive between may lie.</param>
    public static async Task<WimListing> ReadAsync(string imagePath, string folder)
    {
        var archive = Path.Combine(folder, "witness.wim");
        _ = await SystemTool.RunAsync("wimlib-imagex", "capture", imagePath, archive, "volume", "--compress=none");
        var text = await SystemTool.RunAsync("wimlib-imagex", "dir", archive, "1", "--detailed");
        File.Delete(archive);
        return new WimListing([.. Rule().Split(text).Where(part => part.Contains("Full Path", StringComparison.Ordinal)).Select(Parse)]);
    }

    private static WimEntry Parse(string text)
    {
        string Field(string name) => Regex.Match(
            text, $"^{name} += (?<value>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5))
            .Groups["value"].Value.Trim();
        var streams = new Dictionary<string, (string Sha1, long Bytes)>(StringComparer.Ordinal);
        foreach (Match match in Stream().Matches(text))
        {
            var kind = match.Groups["kind"].Value;
            var name = kind == "Named" ? match.Groups["name"].Value : kind == "Reparse" ? "(reparse)" : "";
            streams.Add(name, (match.Groups["sha1"].Value, long.Parse(match.Groups["bytes"].Value, CultureInfo.InvariantCulture)));
        }

        return new WimEntry(
            Field("Full Path").Trim('"').TrimStart('/'),
            Number(Field("Attributes")),
            Field("Short Name").Trim('"'),
            Field("Security Descriptor"),
            Field("Link Group ID"),
            int.Parse(Field("Link Count"), CultureInfo.InvariantCulture),
            Field("Reparse Tag") is { Length: > 0 } tag ? Number(tag) : 0,
            Field("Object ID"),
            Field("Creation Time"),
            Field("Last Write Time"),
            streams);
    }

    private static uint Number(string text) => uint.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex("^-{20,}$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Rule();

    [GeneratedRegex(
        """^\t(?<kind>Unnamed|Named|Reparse)[^\n"]*("(?<name>[^\n]*)")?:\nHash +=(?: )0x(?<sha1>[0-9a-f]{40})\nUncompressed size = (?<bytes>\d+) bytes""",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        5000)]
    private static partial Regex Stream();
}

/// <summary>One name in the listing.</summary>
internal sealed record WimEntry(
    string Path, uint Attributes, string ShortName, string Security, string LinkGroup, int LinkCount, uint ReparseTag,
    string ObjectId, string Created, string Written, IReadOnlyDictionary<string, (string Sha1, long Bytes)> Streams);
