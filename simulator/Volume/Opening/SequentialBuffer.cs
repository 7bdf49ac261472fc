namespace Harness.Simulator.Volume.Opening;

/// <summary>
/// Bytes that one handle writes in sequence go behind one another into one array, which the extents share. What was stored
/// is never altered.
/// </summary>
internal sealed class SequentialBuffer
{
    private const int FirstBytes = 256;
    private const int MaxBytes = 64 * 1024;

    private int _used;
    private long _end = -1;

    /// <summary>Where the bytes stored last are.</summary>
    public byte[] Bytes { get; private set; } = [];

    /// <summary>Puts content where it stays; returns where in <see cref="Bytes"/> it begins.</summary>
    public int Store(long offset, ReadOnlySpan<byte> content)
    {
        var continues = offset == _end;
        if (!continues || _used + content.Length > Bytes.Length)
        {
            var room = continues ? Math.Clamp(Bytes.Length * 2, FirstBytes, MaxBytes) : 0;
            Bytes = GC.AllocateUninitializedArray<byte>(Math.Max(room, content.Length));
            _used = 0;
        }

        var at = _used;
        content.CopyTo(Bytes.AsSpan(at));
        _used += content.Length;
        _end = offset + content.Length;
        return at;
    }
}
