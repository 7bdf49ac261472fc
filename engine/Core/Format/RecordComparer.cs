namespace Harness.Engine.Format;

/// <summary>Says whether two records of one entry describe the same state.</summary>
internal static class RecordComparer
{
    /// <summary>
    /// Compares everything but the regions of long streams, which have records of their own, and last access time and allocated sizes: reading moves the one, the file system may move the other
    /// behind everyone's back, and neither is worth a record.
    /// </summary>
    public static bool SameState(EntryRecord a, EntryRecord b)
    {
        if (a.Kind != b.Kind || a.Protection != b.Protection || a.Traits != b.Traits || a.Attributes != b.Attributes
            || a.Parent != b.Parent || a.Name != b.Name || a.Times with { Accessed = null } != b.Times with { Accessed = null }
            || a.Security != b.Security || !a.EncryptionInfo.Span.SequenceEqual(b.EncryptionInfo.Span)
            || !(a.Reparse?.SameAs(b.Reparse) ?? b.Reparse is null) || !a.Names.SequenceEqual(b.Names)
            || a.Streams.Count != b.Streams.Count)
        {
            return false;
        }

        for (var i = 0; i < a.Streams.Count; i++)
        {
            if (!SameStream(a.Streams[i], b.Streams[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool SameStream(StreamRecord a, StreamRecord b) =>
        a.Name == b.Name && a.Id == b.Id && a.SizeBytes == b.SizeBytes && a.Traits == b.Traits
        && a.RawSizeBytes == b.RawSizeBytes
        && (a.Content is { } content ? b.Content is { } other && other.SameAs(content) : b.Content is null);
}
