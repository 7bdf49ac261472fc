using System.Text.Json;

namespace Harness.Engine.Format;

/// <summary>
/// Writes a JSON object, and takes the members of one by name. By hand: what a serializer has to learn of a type before it reads it costs a
/// short run more than all that it reads. JsonException, naming the member, for one that is missing or of another kind.
/// </summary>
internal static class JsonMembers
{
    /// <summary>The UTF-8 of an object, of which the caller writes the members.</summary>
    public static byte[] Encode<T>(T document, Action<Utf8JsonWriter, T> members)
        where T : class
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            members(json, document);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    public static JsonElement Member(this JsonElement owner, string name) =>
        owner.Optional(name) ?? throw Wrong(name, "is missing");

    /// <summary>The member; null when there is none, or it is null.</summary>
    public static JsonElement? Optional(this JsonElement owner, string name) => owner.ValueKind != JsonValueKind.Object
        ? throw new JsonException($"An object belongs where {owner.ValueKind} stands.")
        : owner.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string Text(this JsonElement owner, string name) => TextOf(owner.Member(name), name);

    public static string? OptionalText(this JsonElement owner, string name) =>
        owner.Optional(name) is { } value ? TextOf(value, name) : null;

    public static long Long(this JsonElement owner, string name) =>
        owner.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number)
            ? number
            : throw Wrong(name, "is no whole number");

    public static int Int(this JsonElement owner, string name) =>
        owner.Long(name) is >= int.MinValue and <= int.MaxValue and var number ? (int)number : throw Wrong(name, "is too large");

    public static bool Flag(this JsonElement owner, string name) => owner.Member(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name, "is neither true nor false"),
    };

    /// <summary>A point in time, as ISO 8601 with its offset.</summary>
    public static DateTimeOffset Moment(this JsonElement owner, string name) =>
        owner.Member(name) is { ValueKind: JsonValueKind.String } value && value.TryGetDateTimeOffset(out var moment)
            ? moment
            : throw Wrong(name, "is no point in time");

    /// <summary>The items of an array, each made of its element.</summary>
    public static IReadOnlyList<T> List<T>(this JsonElement owner, string name, Func<JsonElement, T> make)
    {
        var array = owner.Member(name);
        if (array.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(name, "is no array");
        }

        var items = new T[array.GetArrayLength()];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = make(array[i]);
        }

        return items;
    }

    public static IReadOnlyList<string> Texts(this JsonElement owner, string name) =>
        owner.List(name, element => TextOf(element, name));

    /// <summary>JsonException when the object has a member of another name.</summary>
    public static void RequireOnly(this JsonElement owner, params ReadOnlySpan<string> names)
    {
        foreach (var member in owner.EnumerateObject())
        {
            if (!names.Contains(member.Name))
            {
                throw Wrong(member.Name, "is not known here");
            }
        }
    }

    /// <summary>The error of a member that cannot be taken.</summary>
    public static JsonException Wrong(string name, string what) => new($"The member '{name}' {what}.");

    private static string TextOf(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw Wrong(name, "is no text");
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // What is no UTF-8, or half of a surrogate pair, is met only here.
            throw Wrong(name, "is no text");
        }
    }
}
