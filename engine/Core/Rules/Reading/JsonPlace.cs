using System.Text.Json;

namespace Harness.Engine.Rules.Reading;

/// <summary>Finds where a member or an item stands in a text that is known to be JSON.</summary>
internal static class JsonPlace
{
    /// <summary>Byte offset of the member's name or of the item; 0 when there is no such place.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="steps">From the root: a name with index -1, or "" with the index of an item.</param>
    public static int Find(ReadOnlySpan<byte> utf8, IReadOnlyList<(string Name, int Index)> steps)
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        var at = (int)reader.TokenStartIndex;
        foreach (var (name, index) in steps)
        {
            if (index < 0 ? !EnterMember(ref reader, name, ref at) : !EnterItem(ref reader, index, ref at))
            {
                break;
            }
        }

        return at;
    }

    private static bool EnterMember(ref Utf8JsonReader reader, string name, ref int at)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var isIt = reader.ValueTextEquals(name);
            reader.Read();
            if (isIt)
            {
                at = start;
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static bool EnterItem(ref Utf8JsonReader reader, int index, ref int at)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (index-- == 0)
            {
                at = (int)reader.TokenStartIndex;
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
