using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Harness.Simulator.Volume;

/// <summary>The order of a stored name and a key as long as the name is ASCII, eight units in one step.</summary>
internal static class NameOrder
{
    private const int Step = 8;
    private const ulong HighBits = 0x8080_8080_8080_8080;

    /// <summary>Compares, folding the name when asked; false when a unit that matters is not ASCII.</summary>
    /// <param name="name">UTF-8.</param>
    /// <param name="key">Folded already.</param>
    /// <param name="fold">Whether a to z of the name count as A to Z.</param>
    /// <param name="order">Below 0 when the name comes first.</param>
    public static bool Compare(ReadOnlySpan<byte> name, ReadOnlySpan<char> key, bool fold, out int order)
    {
        var common = Math.Min(name.Length, key.Length);
        if (common < Step || !Vector128.IsHardwareAccelerated || !BitConverter.IsLittleEndian)
        {
            return CompareRest(name, key, fold, 0, out order);
        }

        ref var bytes = ref MemoryMarshal.GetReference(name);
        ref var units = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(key));

        // The last step overlaps the one before it, where the two are equal.
        for (var at = 0; ; at = Math.Min(at + Step, common - Step))
        {
            var eight = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, at));
            if ((eight & HighBits) != 0)
            {
                order = 0;
                return false;
            }

            var wide = Vector128.WidenLower(Vector128.CreateScalarUnsafe(eight).AsByte());
            wide = fold ? ToUpper(wide) : wide;
            var differs = ~Vector128.Equals(wide, Vector128.LoadUnsafe(ref units, (nuint)at)).ExtractMostSignificantBits() & 0xFF;
            if (differs != 0)
            {
                var first = BitOperations.TrailingZeroCount(differs);
                order = wide.GetElement(first) - key[at + first];
                return true;
            }

            if (at == common - Step)
            {
                return CompareRest(name, key, fold, common, out order);
            }
        }
    }

    private static bool CompareRest(ReadOnlySpan<byte> name, ReadOnlySpan<char> key, bool fold, int from, out int order)
    {
        order = 0;
        var common = Math.Min(name.Length, key.Length);
        for (var i = from; i < common; i++)
        {
            var unit = name[i];
            if (unit >= 0x80)
            {
                return false;
            }

            var character = fold && unit is >= (byte)'a' and <= (byte)'z' ? (char)(unit - 32) : (char)unit;
            if (character != key[i])
            {
                order = character - key[i];
                return true;
            }
        }

        order = name.Length - key.Length;
        return name.Length == common || name[common] < 0x80;
    }

    private static Vector128<ushort> ToUpper(Vector128<ushort> units)
    {
        var isLower = Vector128.LessThan(units - Vector128.Create((ushort)'a'), Vector128.Create((ushort)26));
        return units - (isLower & Vector128.Create((ushort)32));
    }
}
