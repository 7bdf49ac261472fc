using Harness.Engine.Model;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Capture;

/// <summary>
/// Maps paths of the source to paths of the recipe: scrubbed when asked, valid and unique on the recipe's volume. Expects the
/// order of a listing, a directory before its content; keeps the names of the directories on the way only.
/// </summary>
internal sealed class CapturedNames(VolumeInfo volume, CaptureOptions options)
{
    private const int MaxAttempts = 64;

    private readonly NameScrubber? _scrubber = options.ScrubNames ? new NameScrubber(options.Seed) : null;
    private readonly Stack<(string Source, string Mapped, HashSet<string> Taken)> _levels = new();

    /// <summary>The path in the recipe; false with the reason where it cannot have it, or has not its directory.</summary>
    public bool TryMap(string path, bool isDirectory, out string mapped, out string reason)
    {
        (mapped, reason) = ("", "");
        if (path.Length > 0)
        {
            var (parent, name) = VolumePath.Split(path);
            while (_levels.Count > 1 && _levels.Peek().Source != parent)
            {
                _levels.Pop();
            }

            if (_levels.Count == 0 || _levels.Peek().Source != parent)
            {
                reason = "its directory is left out";
                return false;
            }

            var level = _levels.Peek();
            if (Choose(name, level.Taken) is not { } chosen)
            {
                reason = WhyInvalid(name) ?? "its directory has a name already that is the same here";
                return false;
            }

            mapped = level.Mapped.Length == 0 ? chosen : $"{level.Mapped}/{chosen}";
        }

        if (isDirectory)
        {
            _levels.Push((path, mapped, new HashSet<string>(
                volume.IsCaseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase)));
        }

        return true;
    }

    private string? Choose(string name, HashSet<string> taken)
    {
        if (_scrubber is null)
        {
            return WhyInvalid(name) is null && taken.Add(name) ? name : null;
        }

        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var scrubbed = _scrubber.Name(name, attempt);
            if (taken.Add(scrubbed))
            {
                return scrubbed;
            }
        }

        return null;
    }

    private string? WhyInvalid(string name) => volume.FileSystem == FileSystemKind.Other
        ? WindowsNames.WhyInvalidAnywhere(name)
        : WindowsNames.WhyInvalid(name);
}
