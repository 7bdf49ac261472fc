using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Capture;

/// <summary>
/// Replaces names by letters that tell nothing: the same name and seed give the same letters everywhere, the length stays, names
/// that differ in case only still do, and the extension stays where it is one that tells nothing (<see cref="KnownExtensions"/>).
/// </summary>
/// <remarks>
/// Names of eight characters and more are a keyed hash. Shorter ones have too few letters for that: those of ASCII letters and
/// digits are enciphered, so that different names stay different; others become eight letters.
/// </remarks>
/// <param name="seed">Another seed, other names.</param>
internal sealed class NameScrubber(ulong seed)
{
    private const int MinLetters = 8;
    private const int MaxWalks = 64;
    private const string Symbols = "abcdefghijklmnopqrstuvwxyz0123456789";

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
        var length = Math.Clamp(stem.Length, MinLetters, WindowsNames.MaxUnits - prefix.Length - extension.Length);
        return prefix + (attempt == 0 && IsShort(stem) ? Enciphered(stem) : Letters(stem, length, attempt)) + extension;
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
        return extension.Length > 1 && KnownExtensions.Stays(extension.AsSpan(1)) ? extension : "";
    }

    private static bool IsShort(string stem) => stem.Length is > 0 and < MinLetters && stem.All(char.IsAsciiLetterOrDigit);

    /// <summary>Enciphers until the name is none of a device, which keeps different names different.</summary>
    private string Enciphered(string stem)
    {
        var name = stem;
        for (var walk = 0; walk < MaxWalks; walk++)
        {
            name = Encipher(name);
            if (WindowsNames.WhyInvalid(name) is null)
            {
                break;
            }
        }

        return name;
    }

    /// <summary>Each symbol is permuted by a key that what is before it gives: a bijection on the names of one length.</summary>
    private string Encipher(string stem)
    {
        var state = Mix.Of(Mix.Of(seed, "short"), (ulong)stem.Length);
        return string.Create(stem.Length, (stem, state), static (span, source) =>
        {
            Span<char> symbols = stackalloc char[Symbols.Length];
            var key = source.state;
            for (var i = 0; i < span.Length; i++)
            {
                Symbols.CopyTo(symbols);
                for (var last = symbols.Length - 1; last > 0; last--)
                {
                    var other = (int)(Mix.Of(key, (ulong)last) % (ulong)(last + 1));
                    (symbols[last], symbols[other]) = (symbols[other], symbols[last]);
                }

                var plain = char.ToLowerInvariant(source.stem[i]);
                var symbol = symbols[Symbols.IndexOf(plain, StringComparison.Ordinal)];
                span[i] = char.IsAsciiLetterUpper(source.stem[i]) ? char.ToUpperInvariant(symbol) : symbol;
                key = Mix.Of(key, plain);
            }
        });
    }

    private string Letters(string stem, int length, int attempt)
    {
        // The upper-case form is hashed and the case copied, so that what collides without case collides afterwards too.
        var state = Mix.Of(Mix.Of(seed, stem.ToUpperInvariant()), (ulong)attempt);
        return string.Create(length, (stem, state), static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                var letter = (char)('a' + (Mix.Of(source.state, (ulong)i) % 26));
                span[i] = i < source.stem.Length && char.IsUpper(source.stem[i]) ? char.ToUpperInvariant(letter) : letter;
            }
        });
    }
}
