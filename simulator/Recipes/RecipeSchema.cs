using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harness.Simulator.Recipes;

/// <summary>
/// The JSON Schema of recipes, for editors. It comes from the same table of fields that the reader accepts, so the two cannot
/// part. Rules between fields are left to the reader.
/// </summary>
public static class RecipeSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>The schema as indented JSON.</summary>
    public static string Export()
    {
        var schema = Object(RecipeShapes.Recipe);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "Recipe of a simulated volume");
        return schema.ToJsonString(Indented);
    }

    private static JsonObject Object(ObjectShape shape)
    {
        var properties = new JsonObject();
        foreach (var field in shape.Fields)
        {
            var property = Field(field);
            property.Add("description", field.Help);
            properties.Add(field.Name, property);
        }

        var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = false };
        var required = shape.Fields.Where(field => field.IsRequired).Select(field => (JsonNode?)field.Name).ToArray();
        if (required.Length > 0)
        {
            schema.Add("required", new JsonArray(required));
        }

        schema.Add("properties", properties);
        return schema;
    }

    private static JsonObject Field(FieldShape field) => field.Form switch
    {
        FieldForm.Text => new JsonObject { ["type"] = "string" },
        FieldForm.Whole => new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
        FieldForm.Fraction => new JsonObject { ["type"] = "number", ["minimum"] = 0 },
        FieldForm.Flag => new JsonObject { ["type"] = "boolean" },
        FieldForm.Size => Size(),
        FieldForm.Choice => Choice(field),
        FieldForm.Choices => List(Choice(field)),
        FieldForm.Texts => List(new JsonObject { ["type"] = "string" }),
        FieldForm.Sizes => List(Size()),
        FieldForm.Object => Object(field.Item!),
        FieldForm.Objects => List(Object(field.Item!)),
        _ => new JsonObject { ["type"] = "object", ["additionalProperties"] = List(Object(field.Item!)) },
    };

    private static JsonObject Size() => new()
    {
        ["type"] = new JsonArray("string", "integer"),
        ["pattern"] = SizeText.Pattern,
        ["minimum"] = 0,
    };

    private static JsonObject Choice(FieldShape field) => new()
    {
        ["enum"] = new JsonArray([.. field.Values!.Select(value => (JsonNode?)value)]),
    };

    private static JsonObject List(JsonObject item) => new() { ["type"] = "array", ["items"] = item };
}
