using System.Globalization;
using System.Text.RegularExpressions;
using Harness.Tests.Support;

namespace Harness.Tests.Oracle;

/// <summary>
/// A second pair of eyes on the unmounted image: ntfsinfo of ntfsprogs reads the records itself, and ntfsfix says whether the
/// volume is sound.
/// </summary>
internal static partial class OracleWitness
{
    private const int MaxFiles = 3;

    /// <summary>What the witnesses see otherwise; null when they agree.</summary>
    public static async Task<string?> CheckAsync(string imagePath, SimSubject sim)
    {
        var (exit, text) = await RunAsync("ntfsfix", "-n", imagePath);
        if (exit != 0)
        {
            return $"ntfsfix -n finds the image unsound:\n{text}";
        }

        var files = sim.Volume.Walk()
            .Where(entry => entry is { IsDirectory: false, ReparseTag: null } && !sim.IsSpoiled(entry.Path));
        foreach (var entry in files.Take(MaxFiles))
        {
            (exit, text) = await RunAsync("ntfsinfo", "-F", "/" + entry.Path, imagePath);
            if (exit != 0)
            {
                return $"{entry.Path}: ntfsinfo does not find it:\n{text}";
            }

            var links = LinkLine().Match(text).Groups["count"].Value;
            if (int.Parse(links, CultureInfo.InvariantCulture) != entry.LinkCount)
            {
                return $"{entry.Path}: ntfsinfo counts {links} names, the simulated volume {entry.LinkCount}";
            }

            var sizes = DataSize().Matches(text)
                .Select(match => long.Parse(match.Groups["size"].Value, CultureInfo.InvariantCulture)).Order();
            var expected = entry.Streams.Select(stream => stream.SizeBytes).Order();
            if (!sizes.SequenceEqual(expected))
            {
                return $"{entry.Path}: ntfsinfo sees streams of {string.Join(", ", sizes)} bytes, the simulated volume has "
                    + $"{string.Join(", ", expected)}:\n{text}";
            }
        }

        return null;
    }

    private static async Task<(int Exit, string Text)> RunAsync(string tool, params string[] arguments)
    {
        var (exit, output, error) = await SystemTool.TryAsync(tool, arguments);
        return (exit, output + error);
    }

    [GeneratedRegex(@"^Number of Hard Links:\s+(?<count>\d+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkLine();

    /// <summary>The size within each dump of a $DATA attribute; further extents of one have none.</summary>
    [GeneratedRegex(
        @"^Dumping attribute \$DATA \(0x80\)(?:(?!^Dumping)[\s\S])*?^\s+Data size:\s+(?<size>\d+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex DataSize();
}
