using System.Text.Json;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>Holds a document against what our schemas use of JSON Schema: type, enum, const, pattern, lengths, properties, required and items.</summary>
internal static class SchemaMatch
{
    /// <summary>Asserts that a document is what a schema says, with no name that it does not know.</summary>
    public static void Require(JsonElement schema, JsonElement document, string at)
    {
        if (schema.TryGetProperty("enum", out var values))
        {
            Assert.That(values.EnumerateArray().Select(value => value.ToString()), Does.Contain(document.ToString()), at);
            return;
        }

        if (schema.TryGetProperty("const", out var only))
        {
            Assert.That(document.ToString(), Is.EqualTo(only.ToString()), at);
        }

        if (schema.TryGetProperty("pattern", out var pattern))
        {
            Assert.That(document.GetString(), Does.Match(pattern.GetString()!), at);
        }

        if (schema.TryGetProperty("minItems", out var least))
        {
            Assert.That(document.GetArrayLength(), Is.GreaterThanOrEqualTo(least.GetInt32()), at);
        }

        if (schema.TryGetProperty("minLength", out var shortest))
        {
            Assert.That(document.GetString(), Has.Length.GreaterThanOrEqualTo(shortest.GetInt32()), at);
        }

        if (schema.TryGetProperty("type", out var type))
        {
            // Whole numbers are numbers too.
            string[] kinds = TypeOf(document) == "integer" ? ["integer", "number"] : [TypeOf(document)];
            var allowed = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(item => item.GetString()) : [type.GetString()];
            Assert.That(allowed.Intersect(kinds), Is.Not.Empty, at);
        }

        if (document.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var properties))
        {
            foreach (var property in document.EnumerateObject())
            {
                Assert.That(properties.TryGetProperty(property.Name, out var inner), Is.True, $"{at}.{property.Name}");
                Require(inner, property.Value, $"{at}.{property.Name}");
            }

            var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()) : [];
            Assert.That(document.EnumerateObject().Select(property => property.Name), Is.SupersetOf(required), at);
        }

        if (document.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            foreach (var item in document.EnumerateArray())
            {
                Require(items, item, at + "[]");
            }
        }
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.Null => "null",
        _ => "boolean",
    };
}
