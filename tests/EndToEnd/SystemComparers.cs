using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Harness.Tests.EndToEnd;

/// <summary>What rsync and diff say about two trees: a second and a third opinion, where they are installed.</summary>
internal static partial class SystemComparers
{
    private const int MatchLimitMs = 1000;

    /// <summary>Paths that <c>rsync -nac --delete</c> would change to make the second like the first; null without rsync.</summary>
    internal static IReadOnlyList<string>? RsyncDifferences(string from, string to)
    {
        if (!Exists("rsync"))
        {
            return null;
        }

        // -8 leaves bytes that are not ASCII alone; control characters come as \#ooo. %n has the slash of directories.
        var run = Run("rsync", "-nac8", "--delete", "--out-format=%i %n", from + "/", to + "/");
        return run.Exit == 0
            ? [.. run.Lines.Select(line => Unescape(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].TrimEnd('/')))]
            : [$"rsync ended with {run.Exit}"];
    }

    /// <summary>
    /// Paths that <c>diff -r</c> finds on one side only, and its other lines as they are; null without diff.
    /// </summary>
    internal static IReadOnlyList<string>? DiffDifferences(string from, string to)
    {
        if (!Exists("diff"))
        {
            return null;
        }

        var run = Run("diff", "-r", "-q", "--no-dereference", from, to);
        return [.. run.Lines.Select(line => OnlyIn().Match(line) is { Success: true } match
            ? Path.Combine(match.Groups["folder"].Value, match.Groups["name"].Value)[(from.Length + 1)..]
            : line)];
    }

    private static string Unescape(string text) =>
        Escaped().Replace(text, match => ((char)Convert.ToInt32(match.Groups["octal"].Value, 8)).ToString(CultureInfo.InvariantCulture));

    private static (int Exit, string[] Lines) Run(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static bool Exists(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)));

    [GeneratedRegex(@"\\#(?<octal>[0-7]{3})", RegexOptions.ExplicitCapture, MatchLimitMs)]
    private static partial Regex Escaped();

    [GeneratedRegex("^Only in (?<folder>.*): (?<name>.*)$", RegexOptions.ExplicitCapture, MatchLimitMs)]
    private static partial Regex OnlyIn();
}
