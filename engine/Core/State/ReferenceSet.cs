namespace Harness.Engine.State;

/// <summary>
/// A set of file references. Neighbours share a word, as the references of a file system are mostly dense: about a bit or
/// two each. One logical thread.
/// </summary>
internal sealed class ReferenceSet
{
    private const int WordBits = 6;

    private readonly Dictionary<ulong, ulong> _words = [];

    /// <summary>Adds a reference; false when it is there.</summary>
    public bool Add(ulong reference)
    {
        ref var word = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
            _words, reference >> WordBits, out _);
        var bit = 1UL << (int)(reference & 63);
        var isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }

    public bool Contains(ulong reference) =>
        _words.TryGetValue(reference >> WordBits, out var word) && (word & (1UL << (int)(reference & 63))) != 0;
}
