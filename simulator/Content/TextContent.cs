using System.Text;

namespace Harness.Simulator.Content;

/// <summary>
/// Text with random access: cells of 256 bytes, each filled with words from its own counter stream and ended by a line break.
/// </summary>
internal static class TextContent
{
    private const int CellBytes = 256;

    private static readonly byte[][] Words = [.. (
        "the of and to in for is on that by this with you it not or be are from at as your all have new more an was we will "
        + "home can us about if page my has search free but our one other do no information time they site he up may what "
        + "which their news out use any there see only so his when contact here business who web also now help get view "
        + "online first am been would how were services some these click its like service than find price date back top "
        + "people had list name just over state year day into email two health world next used go work last most products "
        + "budget quarter invoice customer delivery contract project meeting review approval department forecast revenue "
        + "schedule supplier warehouse maintenance insurance agreement attachment signature compliance archive backup")
        .Split(' ').Select(Encoding.ASCII.GetBytes)];

    public static void Fill(ulong seed, long offset, Span<byte> buffer)
    {
        Span<byte> cell = stackalloc byte[CellBytes];
        while (buffer.Length > 0)
        {
            var within = (int)(offset % CellBytes);
            var take = Math.Min(buffer.Length, CellBytes - within);
            FillCell(Mix.Of(seed, (ulong)(offset / CellBytes)), cell);
            cell.Slice(within, take).CopyTo(buffer);
            buffer = buffer[take..];
            offset += take;
        }
    }

    private static void FillCell(ulong state, Span<byte> cell)
    {
        cell[^1] = (byte)'\n';
        var rest = cell[..^1];
        while (rest.Length > 0)
        {
            state = Mix.Of(state);
            var word = Words[(int)(state % (ulong)Words.Length)];
            var take = Math.Min(word.Length, rest.Length);
            word.AsSpan(0, take).CopyTo(rest);
            rest = rest[take..];
            if (rest.Length > 0)
            {
                rest[0] = (byte)' ';
                rest = rest[1..];
            }
        }
    }
}
