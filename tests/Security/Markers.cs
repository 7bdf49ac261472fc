using System.Text;

namespace Harness.Tests.Security;

/// <summary>Words that must not be found, in every form in which software writes a word.</summary>
internal static class Markers
{
    /// <summary>Where one of the words is in some bytes; null when none is.</summary>
    public static string? FoundIn(ReadOnlySpan<byte> bytes, params IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            foreach (var (form, pattern) in FormsOf(word))
            {
                if (bytes.IndexOf(pattern) is >= 0 and var at)
                {
                    return $"'{word}' as {form} at {at}";
                }
            }
        }

        return null;
    }

    private static IEnumerable<(string Form, byte[] Pattern)> FormsOf(string word)
    {
        var utf8 = Encoding.UTF8.GetBytes(word);
        yield return ("UTF-8", utf8);
        yield return ("UTF-16", Encoding.Unicode.GetBytes(word));
        yield return ("UTF-16 of the other order", Encoding.BigEndianUnicode.GetBytes(word));
        yield return ("reversed", [.. utf8.Reverse()]);
        yield return ("hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)));
        yield return ("HEX", Encoding.ASCII.GetBytes(Convert.ToHexString(utf8)));
        yield return ("URL", Encoding.ASCII.GetBytes(Uri.EscapeDataString(word)));

        // Base64 of a word in a longer text, for each of the three places where it may begin.
        for (var before = 0; before < 3; before++)
        {
            var text = Convert.ToBase64String([.. new byte[before], .. utf8]);
            yield return ($"Base64 after {before}", Encoding.ASCII.GetBytes(text[(before == 0 ? 0 : before + 1)..^4]));
        }
    }
}
