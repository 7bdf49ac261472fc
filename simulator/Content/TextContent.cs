using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using Harness.Engine.Errors;

namespace Harness.Simulator.Content;

/// <summary>
/// Text with random access: cells of 256 bytes, each filled with words from its own counter stream and ended by a line break.
/// Each word is one 16-byte store, a space after it; four cells are filled together, since one alone waits for its counter.
/// </summary>
internal static class TextContent
{
    private const int CellBytes = 256;
    private const int Lanes = 4;

    /// <summary>A cell, and room for what the last word writes beyond it.</summary>
    private const int LaneBytes = CellBytes + SlotBytes;

    private const int SlotBytes = 16;

    /// <summary>A constant, so that the remainder is a multiplication.</summary>
    private const int WordCount = 141;

    private static readonly byte[][] Words = [.. (
        "the of and to in for is on that by this with you it not or be are from at as your all have new more an was we will "
        + "home can us about if page my has search free but our one other do no information time they site he up may what "
        + "which their news out use any there see only so his when contact here business who web also now help get view "
        + "online first am been would how were services some these click its like service than find price date back top "
        + "people had list name just over state year day into email two health world next used go work last most products "
        + "budget quarter invoice customer delivery contract project meeting review approval department forecast revenue "
        + "schedule supplier warehouse maintenance insurance agreement attachment signature compliance archive backup")
        .Split(' ').Select(Encoding.ASCII.GetBytes)];

    private static readonly Slot[] Slots = [.. Words.Select(Slot.Of)];

    public static void Fill(ulong seed, long offset, Span<byte> buffer)
    {
        Span<byte> cells = stackalloc byte[Lanes * LaneBytes];
        while (buffer.Length > 0)
        {
            var cell = (ulong)(offset / CellBytes);
            var within = (int)(offset % CellBytes);
            FillCells(seed, cell, cells);
            for (var lane = 0; lane < Lanes && buffer.Length > 0; lane++)
            {
                var take = Math.Min(buffer.Length, CellBytes - within);
                cells.Slice((lane * LaneBytes) + within, take).CopyTo(buffer);
                buffer = buffer[take..];
                offset += take;
                within = 0;
            }
        }
    }

    private static void FillCells(ulong seed, ulong cell, Span<byte> cells)
    {
        var slots = Slots;
        ulong a = Mix.Of(seed, cell), b = Mix.Of(seed, cell + 1), c = Mix.Of(seed, cell + 2), d = Mix.Of(seed, cell + 3);
        int atA = 0, atB = 0, atC = 0, atD = 0;
        ref var first = ref cells[0];
        Invariant.Require(cells.Length == Lanes * LaneBytes && slots.Length == WordCount);
        while (atA < CellBytes - 1 && atB < CellBytes - 1 && atC < CellBytes - 1 && atD < CellBytes - 1)
        {
            atA = Next(slots, ref a, ref first, 0, atA);
            atB = Next(slots, ref b, ref first, LaneBytes, atB);
            atC = Next(slots, ref c, ref first, 2 * LaneBytes, atC);
            atD = Next(slots, ref d, ref first, 3 * LaneBytes, atD);
        }

        Finish(slots, a, ref first, 0, atA);
        Finish(slots, b, ref first, LaneBytes, atB);
        Finish(slots, c, ref first, 2 * LaneBytes, atC);
        Finish(slots, d, ref first, 3 * LaneBytes, atD);
    }

    private static void Finish(Slot[] slots, ulong state, ref byte first, int lane, int at)
    {
        while (at < CellBytes - 1)
        {
            at = Next(slots, ref state, ref first, lane, at);
        }

        Unsafe.Add(ref first, lane + CellBytes - 1) = (byte)'\n';
    }

    /// <summary>Stores the next word and its space; <paramref name="at"/> is below 255, so the store ends within the lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Next(Slot[] slots, ref ulong state, ref byte first, int lane, int at)
    {
        state = Mix.Of(state);
        ref readonly var slot = ref slots[(int)(state % WordCount)];
        slot.Bytes.StoreUnsafe(ref first, (nuint)(uint)(lane + at));
        return at + slot.Length;
    }

    /// <summary>A word of up to 15 letters, spaces after it, and its length with one of them.</summary>
    private readonly record struct Slot(Vector128<byte> Bytes, int Length)
    {
        public static Slot Of(byte[] word)
        {
            var bytes = new byte[SlotBytes];
            bytes.AsSpan().Fill((byte)' ');
            word.CopyTo(bytes, 0);
            Invariant.Require(word.Length < SlotBytes);
            return new Slot(Vector128.Create(bytes), word.Length + 1);
        }
    }
}
