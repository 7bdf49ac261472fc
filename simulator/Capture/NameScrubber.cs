using Harness.Simulator.Content;

namespace Harness.Simulator.Capture;

/// <summary>
/// Replaces names by letters that tell nothing: the same name and seed give the same letters everywhere, the extension stays
/// when it is short and plain, the length stays from eight characters on, names that differ in case only still do.
/// </summary>
/// <param name="seed">Another seed, other names.</param>
internal sealed class NameScrubber(ulong seed)
{
    private const int MinLetters = 8;
    private const int MaxExtension = 12;

    private static readonly HashSet<string> WellKnownStreams =
        new(StringComparer.OrdinalIgnoreCase) { "Zone.Identifier", "SmartScreen", "encryptable", "OECustomProperty" };

    /// <summary>The scrubbed name.</summary>
    /// <param name="name">One name, no path.</param>
    /// <param name="attempt">Above 0 gives further names, for when a neighbour has the first.</param>
    public string Name(string name, int attempt = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name is "" or "." or "..")
        {
            return name;
        }

        var prefix = name[0] == '.' ? "." : "";
        var extension = Extension(name[prefix.Length..]);
        var stem = name[prefix.Length..^extension.Length];
        return prefix + Letters(stem, Math.Max(stem.Length, MinLetters), attempt) + extension;
    }

    /// <summary>A stream's name; those that Windows itself gives stay.</summary>
    public string Stream(string name) => WellKnownStreams.Contains(name) ? name : Name(name);

    /// <summary>A path with any separators: drives, volume identifiers, prefixes and relative steps stay.</summary>
    public string Path(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var result = new System.Text.StringBuilder(path.Length);
        var start = 0;
        for (var i = 0; i <= path.Length; i++)
        {
            if (i == path.Length || path[i] is '/' or '\\')
            {
                var part = path[start..i];
                result.Append(IsStructural(part) ? part : Name(part));
                _ = i < path.Length ? result.Append(path[i]) : result;
                start = i + 1;
            }
        }

        return result.ToString();
    }

    private static bool IsStructural(string part) =>
        part.Length == 0 || part is "." or ".." or "??" or "?" || part.EndsWith(':')
        || (part.StartsWith("Volume{", StringComparison.OrdinalIgnoreCase) && part.EndsWith('}'));

    private static string Extension(string name)
    {
        var dot = name.LastIndexOf('.');
        var extension = dot > 0 ? name[dot..] : "";
        return extension.Length is > 1 and <= MaxExtension && extension.AsSpan(1).IndexOfAnyExceptInRange('0', 'z') < 0
            && extension.Skip(1).All(char.IsAsciiLetterOrDigit) ? extension : "";
    }

    private string Letters(string stem, int length, int attempt)
    {
        // The upper-case form is hashed and the case copied, so that what collides without case collides afterwards too.
        var state = Mix.Of(Mix.Of(seed, stem.ToUpperInvariant()), (ulong)attempt);
        return string.Create(Math.Min(length, 240), (stem, state), static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                var letter = (char)('a' + (Mix.Of(source.state, (ulong)i) % 26));
                span[i] = i < source.stem.Length && char.IsUpper(source.stem[i]) ? char.ToUpperInvariant(letter) : letter;
            }
        });
    }
}
