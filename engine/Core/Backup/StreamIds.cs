using Harness.Engine.Format;

namespace Harness.Engine.Backup;

/// <summary>Gives the streams of an entry their ids: those that they had, else the lowest that none has or had.</summary>
internal sealed class StreamIds(EntryRecord? previous)
{
    /// <summary>Made for the first new name: most entries never have one.</summary>
    private HashSet<uint>? _taken;

    public uint Of(string name)
    {
        if (name.Length == 0)
        {
            return 0;
        }

        if (previous?.FindStream(name) is { } known)
        {
            return known.Id;
        }

        _taken ??= [.. (previous?.Streams ?? []).Select(stream => stream.Id).Append(0U)];
        uint id = 1;
        while (!_taken.Add(id))
        {
            id++;
        }

        return id;
    }
}
