using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Harness.Engine.Errors;
using Harness.Scenarios.Model;

namespace Harness.Scenarios.Schema;

/// <summary>
/// The JSON Schema of scenario files, exported from the C# model, so that editors complete and check while one types.
/// Descriptions are the model's own XML documentation.
/// </summary>
public static class ScenarioSchema
{
    private const string Reference = @"\$\{[a-z][a-z0-9-]*\}";

    private static readonly JsonSerializerOptions Model = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters =
        {
            new JsonStringEnumConverter<ErrorCode>(),
            new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower),
        },
    };

    private static readonly JsonSerializerOptions Output = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema as indented JSON with a line feed at the end.</summary>
    public static string Export()
    {
        var documentation = new XmlDocumentation(typeof(ScenarioDocument).Assembly);
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Transform(context, node, documentation),
        };
        var schema = Model.GetJsonSchemaAsNode(typeof(ScenarioDocument), options).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "Harness scenario");
        return schema.ToJsonString(Output) + "\n";
    }

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node, XmlDocumentation documentation)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var schema = Shape(type, node);
        if (context.PropertyInfo is { AttributeProvider: System.Reflection.PropertyInfo property }
            && documentation.SummaryOf(property) is { } summary)
        {
            schema.Remove("description");
            schema.Insert(0, "description", summary);
        }
        else if (context.PropertyInfo is null && documentation.SummaryOf(type) is { } typeSummary)
        {
            schema["description"] ??= typeSummary;
        }

        schema.Remove("default");
        return schema;
    }

    private static JsonObject Shape(Type type, JsonNode node)
    {
        if (type == typeof(RawYaml))
        {
            return new JsonObject();
        }

        if (type == typeof(Amount))
        {
            return new JsonObject { ["type"] = new JsonArray("string", "integer") };
        }

        if (type == typeof(Budget))
        {
            return new JsonObject { ["type"] = "string", ["pattern"] = $"^ *(<=|<|==|>=|>|{Reference})" };
        }

        var schema = node as JsonObject ?? new JsonObject();
        DropNull(schema);
        if (type == typeof(string))
        {
            // A bare number or boolean is a text where a text is wanted.
            return new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") };
        }

        if (type.IsEnum || type == typeof(int) || type == typeof(long) || type == typeof(bool))
        {
            schema.Remove("pattern");
            return OrElse(Plain(schema), new JsonObject { ["type"] = "string", ["pattern"] = $"^{Reference}$" });
        }

        if (type.IsDefined(typeof(ListFormAttribute), inherit: false))
        {
            var words = new JsonArray("string", "number", "boolean");
            return OrElse(
                new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = words } },
                new JsonObject { ["type"] = words.DeepClone() },
                schema);
        }

        if (type.IsDefined(typeof(OneOfAttribute), inherit: false))
        {
            schema["minProperties"] = 1;
            schema["maxProperties"] = 1;
            var keys = schema["properties"]!.AsObject().Select(p => (JsonNode)JsonValue.Create(p.Key)).ToArray();
            return OrElse(new JsonObject { ["enum"] = new JsonArray(keys) }, schema);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return OrElse(schema, new JsonObject { ["type"] = "string", ["pattern"] = $"^{Reference}$" });
        }

        return schema;
    }

    private static JsonObject Plain(JsonObject schema)
    {
        if (schema["type"] is JsonArray types)
        {
            schema["type"] = types.Select(t => t!.GetValue<string>()).First(t => t != "string" || types.Count == 1);
        }

        return schema;
    }

    private static void DropNull(JsonObject schema)
    {
        if (schema["type"] is JsonArray types)
        {
            var kept = types.Select(t => t!.GetValue<string>()).Where(t => t != "null").ToList();
            schema["type"] = kept.Count == 1 ? kept[0] : new JsonArray([.. kept.Select(t => (JsonNode)JsonValue.Create(t))]);
        }

        if (schema["enum"] is JsonArray values)
        {
            schema["enum"] = new JsonArray([.. values.Where(v => v is not null).Select(v => v!.DeepClone())]);
        }
    }

    private static JsonObject OrElse(params JsonObject[] forms) => new() { ["anyOf"] = new JsonArray([.. forms]) };
}
