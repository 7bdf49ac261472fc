using System.Globalization;
using System.Text.Json;
using Harness.Engine.Errors;

namespace Harness.Engine.Rules.Reading;

/// <summary>
/// A value of a document of the rules that knows where it stands. Everything that is not as asked throws ProfileInvalid with
/// file, line and column.
/// </summary>
internal sealed class ProfileNode(ProfileText text, JsonElement element, ProfileNode? parent, string name, int index)
{
    /// <summary>The error that this value is wrong.</summary>
    public BackupException Wrong(string what)
    {
        var steps = new List<(string, int)>();
        for (var node = this; node.Parent is not null; node = node.Parent)
        {
            steps.Add(node.Step);
        }

        steps.Reverse();
        return text.Wrong(steps, what);
    }

    /// <summary>An object has these members and no others.</summary>
    public void RequireOnly(params ReadOnlySpan<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Wrong($"{Subject} must be an object.");
        }

        foreach (var member in element.EnumerateObject())
        {
            if (!names.Contains(member.Name))
            {
                throw Child(member.Name, member.Value)
                    .Wrong($"'{member.Name}' is not known here. Allowed: {string.Join(", ", names.ToArray())}.");
            }
        }
    }

    public ProfileNode Member(string member) => Optional(member) ?? throw Wrong($"{Subject} has no '{member}'.");

    public ProfileNode? Optional(string member) => element.ValueKind != JsonValueKind.Object
        ? throw Wrong($"{Subject} must be an object.")
        : element.TryGetProperty(member, out var value) ? Child(member, value) : null;

    /// <summary>Whether the value is null, which stands for "none" where a limit is expected.</summary>
    public bool IsNull => element.ValueKind == JsonValueKind.Null;

    /// <summary>A text that is not empty.</summary>
    public string Text() => element.ValueKind == JsonValueKind.String && Read() is { Length: > 0 } read
        ? read
        : throw Wrong($"{Subject} must be a text.");

    /// <summary>A whole number of a range.</summary>
    public long Number(long least, long most) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) && number >= least && number <= most
            ? number
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"{Subject} must be a whole number from {least:N0} to {most:N0}."));

    public IReadOnlyList<ProfileNode> Items()
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw Wrong($"{Subject} must be a list.");
        }

        return [.. element.EnumerateArray().Select((item, i) => new ProfileNode(text, item, this, "", i))];
    }

    /// <summary>One word of a list, with what it stands for.</summary>
    public T Word<T>(IReadOnlyDictionary<string, T> words)
    {
        var word = Text();
        return words.TryGetValue(word, out var value)
            ? value
            : throw Wrong($"'{word}' is not known for {Subject}. Allowed: {string.Join(", ", words.Keys)}.");
    }

    private ProfileNode? Parent => parent;

    private (string, int) Step => (name, index);

    private string Subject => parent is null ? "The document" : index >= 0 ? $"Item {index + 1}" : $"'{name}'";

    private ProfileNode Child(string member, JsonElement value) => new(text, value, this, member, -1);

    private string? Read()
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // What is no UTF-8, or half of a surrogate pair, is met only here.
            return null;
        }
    }
}
