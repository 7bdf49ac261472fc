namespace Harness.Scenarios.Searches;

/// <summary>What is done to one blob or file, or to all of them.</summary>
internal enum CorruptionKind
{
    /// <summary>One bit of the byte at the place is flipped.</summary>
    Flipped,

    /// <summary>It ends at the place.</summary>
    Cut,

    /// <summary>Bytes follow its end.</summary>
    Grown,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>Another one's content is in its place.</summary>
    Swapped,

    /// <summary>Its content of an older state is in its place, or one that was removed is back.</summary>
    Older,

    /// <summary>Everything is in an older state.</summary>
    RolledBack,
}

/// <summary>One case of the corruption search.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Name">To which blob or file; empty for all of them.</param>
/// <param name="Place">The byte, the length, or the number of the older state.</param>
/// <param name="Other">Whose content it gets.</param>
internal readonly record struct CorruptionCase(CorruptionKind Kind, string Name, int Place, string Other = "")
{
    private const int GrownBytes = 7;

    /// <summary>The cases that a set of blobs or files, with its older states, can be put through.</summary>
    public static IEnumerable<CorruptionCase> Of(IReadOnlyList<SortedDictionary<string, byte[]>> states)
    {
        var now = states[^1];
        foreach (var (name, content) in now)
        {
            for (var at = 0; at < content.Length; at++)
            {
                yield return new(CorruptionKind.Flipped, name, at);
                yield return new(CorruptionKind.Cut, name, at);
            }

            yield return new(CorruptionKind.Grown, name, content.Length);
            yield return new(CorruptionKind.Removed, name, 0);
            foreach (var other in now.Keys.Where(other => other != name))
            {
                yield return new(CorruptionKind.Swapped, name, 0, other);
            }
        }

        for (var state = 0; state < states.Count - 1; state++)
        {
            foreach (var item in states[state].Where(item => !now.TryGetValue(item.Key, out var newer) || !newer.AsSpan().SequenceEqual(item.Value)))
            {
                yield return new(CorruptionKind.Older, item.Key, state);
            }

            if (!SameAs(states[state], now))
            {
                yield return new(CorruptionKind.RolledBack, "", state);
            }
        }
    }

    /// <summary>The last of the states after it was done.</summary>
    public SortedDictionary<string, byte[]> Apply(IReadOnlyList<SortedDictionary<string, byte[]>> states)
    {
        var after = new SortedDictionary<string, byte[]>(states[^1], StringComparer.Ordinal);
        switch (Kind)
        {
            case CorruptionKind.Flipped:
                after[Name] = (byte[])after[Name].Clone();
                after[Name][Place] ^= (byte)(1 << (Place % 8));
                break;
            case CorruptionKind.Cut:
                after[Name] = after[Name][..Place];
                break;
            case CorruptionKind.Grown:
                after[Name] = [.. after[Name], .. new byte[GrownBytes]];
                break;
            case CorruptionKind.Removed:
                after.Remove(Name);
                break;
            case CorruptionKind.Swapped:
                after[Name] = after[Other];
                break;
            case CorruptionKind.Older:
                after[Name] = states[Place][Name];
                break;
            default:
                after = new(states[Place], StringComparer.Ordinal);
                break;
        }

        return after;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} '{Name}' at {Place} {Other}".TrimEnd();

    private static bool SameAs(SortedDictionary<string, byte[]> one, SortedDictionary<string, byte[]> other) =>
        one.Count == other.Count && one.All(item => other.TryGetValue(item.Key, out var content) && content.AsSpan().SequenceEqual(item.Value));
}
