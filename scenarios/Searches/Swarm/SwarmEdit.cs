using System.Globalization;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Searches.Swarm;

/// <summary>
/// One edit of a volume by its words, for instance <c>write d/a 4096 100 7</c>: operation, path, another path where there is one, numbers.
/// What the volume refuses does not happen, so that any edit can be left out of a case and the others still mean what they say.
/// </summary>
internal sealed record SwarmEdit(string Operation, string Path, string? Other, IReadOnlyList<long> Numbers)
{
    private const uint AnyTag = 0x80000013;

    private static readonly Dictionary<string, (bool HasOther, int Numbers, Action<SimVolume, SwarmEdit> Make)> Operations = new(StringComparer.Ordinal)
    {
        ["create"] = (false, 2, static (v, e) => v.CreateFile(e.Path, e.Numbers[0], seed: (ulong)e.Numbers[1])),
        ["create-text"] = (false, 2, static (v, e) => v.CreateFile(e.Path, e.Numbers[0], ContentProfile.Text, (ulong)e.Numbers[1])),
        ["folder"] = (false, 0, static (v, e) => v.CreateDirectory(e.Path)),
        ["stream"] = (false, 2, static (v, e) => v.CreateStream(e.Path, e.Numbers[0], seed: (ulong)e.Numbers[1])),
        ["write"] = (false, 3, static (v, e) => v.WriteGenerated(e.Path, e.Numbers[0], e.Numbers[1], (ulong)e.Numbers[2])),
        ["insert"] = (false, 3, static (v, e) => v.InsertGenerated(e.Path, e.Numbers[0], e.Numbers[1], (ulong)e.Numbers[2])),
        ["append"] = (false, 2, static (v, e) => v.AppendGenerated(e.Path, e.Numbers[0], (ulong)e.Numbers[1])),
        ["end"] = (false, 1, static (v, e) => v.SetEndOfFile(e.Path, e.Numbers[0])),
        ["zero"] = (false, 2, static (v, e) => v.ZeroRange(e.Path, e.Numbers[0], e.Numbers[1])),
        ["rename"] = (true, 0, static (v, e) => v.Rename(e.Path, e.Other!)),
        ["delete"] = (false, 0, static (v, e) => v.DeleteTree(e.Path)),
        ["link"] = (true, 0, static (v, e) => v.CreateHardLink(e.Path, e.Other!)),
        ["sparse"] = (false, 0, static (v, e) => v.SetSparse(e.Path)),
        ["compress"] = (false, 0, static (v, e) => v.SetCompression(e.Path)),
        ["encrypt"] = (false, 0, static (v, e) => v.Encrypt(e.Path)),
        ["decrypt"] = (false, 0, static (v, e) => v.Decrypt(e.Path)),
        ["reparse"] = (false, 0, static (v, e) => v.SetReparsePoint(e.Path, AnyTag, new byte[] { 1, 2, 3 })),
        ["no-reparse"] = (false, 0, static (v, e) => v.DeleteReparsePoint(e.Path)),
        ["attributes"] = (false, 1, static (v, e) => v.SetAttributes(e.Path, (FileAttributes)((e.Numbers[0] & 7) | 0x20))),
        ["security"] = (false, 1, static (v, e) => v.SetSecurity(e.Path, new EntrySecurity(SecurityKind.Windows, new[] { (byte)e.Numbers[0], (byte)1 }))),
        ["touch"] = (false, 0, static (v, e) => v.Touch(e.Path)),
    };

    /// <summary>Reads the words; <see cref="FormatException"/> says what is wrong with them.</summary>
    public static SwarmEdit Parse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !Operations.TryGetValue(words[0], out var operation))
        {
            throw new FormatException($"'{text}' is no edit. Known: {string.Join(", ", Operations.Keys)}, each with a path.");
        }

        var numbers = words.Skip(operation.HasOther ? 3 : 2).ToList();
        if (words.Length < (operation.HasOther ? 3 : 2)
            || numbers.Count != operation.Numbers
            || !numbers.All(number => long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            throw new FormatException(
                $"'{text}': {words[0]} takes a path{(operation.HasOther ? ", another path" : "")} and {operation.Numbers} whole numbers.");
        }

        return new SwarmEdit(
            words[0], words[1], operation.HasOther ? words[2] : null, [.. numbers.Select(number => long.Parse(number, CultureInfo.InvariantCulture))]);
    }

    /// <summary>Makes the edit, or nothing where the rules of the file system forbid it.</summary>
    public void Make(SimVolume volume)
    {
        try
        {
            Operations[Operation].Make(volume, this);
        }
        catch (BackupException error) when (error.Code is ErrorCode.VolumeOperationInvalid or ErrorCode.VolumeFull)
        {
            // Such an edit cannot happen.
        }
        catch (ArgumentOutOfRangeException)
        {
            // Nor can one that begins behind the end of its stream.
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(
        ' ',
        [Operation, Path, .. Other is null ? Array.Empty<string>() : [Other], .. Numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))]);
}
