namespace Harness.Scenarios.Searches.SecondReader;

/// <summary>Which bytes of which segments a stream or a region is made of; what is not listed is hole or zeros. Ascending.</summary>
internal sealed record StoredContent(IReadOnlyList<StoredExtent> Extents)
{
    /// <summary>Nothing but hole.</summary>
    public static StoredContent Empty { get; } = new([]);

    /// <summary>This content cut to a length, with others laid over it: a patch (FORMAT.md section 7).</summary>
    /// <param name="lengthBytes">The new length.</param>
    /// <param name="over">What the patch says, hole and zeros included, ascending.</param>
    public StoredContent Patched(long lengthBytes, IReadOnlyList<StoredExtent> over)
    {
        var extents = new List<StoredExtent>();
        var next = 0;
        foreach (var extent in Extents.Where(extent => extent.From < lengthBytes).Select(extent => extent.CutTo(lengthBytes)))
        {
            while (next < over.Count && over[next].To <= extent.From)
            {
                next++;
            }

            var from = extent.From;
            for (var i = next; i < over.Count && over[i].From < extent.To; i++)
            {
                Add(extents, extent.Part(from, over[i].From));
                from = Math.Max(from, over[i].To);
            }

            Add(extents, extent.Part(from, extent.To));
        }

        return new StoredContent([.. extents.Concat(over.Where(extent => extent.Segment is not null)).OrderBy(extent => extent.From)]);
    }

    private static void Add(List<StoredExtent> extents, in StoredExtent part)
    {
        if (part.To > part.From)
        {
            extents.Add(part);
        }
    }
}

/// <summary>A run of bytes of a content: from where to where, and what of which segment; no segment is zeros or hole.</summary>
internal readonly record struct StoredExtent(long From, long To, string? Segment, long Offset)
{
    /// <summary>The part of it below an end.</summary>
    public StoredExtent CutTo(long end) => this with { To = Math.Min(To, end) };

    /// <summary>The part of it between two places.</summary>
    public StoredExtent Part(long from, long to) => this with { From = from, To = to, Offset = Offset + from - From };
}
