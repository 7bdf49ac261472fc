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
        var definitions = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Transform(context, node, documentation, definitions),
        };
        Model.GetJsonSchemaAsNode(typeof(ScenarioDocument), options);
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Harness scenario",
            ["$ref"] = Pointer(typeof(ScenarioDocument)),
            ["$defs"] = new JsonObject(definitions.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        };
        return schema.ToJsonString(Output) + "\n";
    }

    /// <summary>
    /// Every record of the model becomes a definition of its own and is referred to by name: the exporter's own references
    /// name places, which move when a form is added around them.
    /// </summary>
    private static JsonNode Transform(
        JsonSchemaExporterContext context,
        JsonNode node,
        XmlDocumentation documentation,
        SortedDictionary<string, JsonObject> definitions)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var schema = node as JsonObject ?? [];
        if (IsDefinition(type))
        {
            if (!schema.ContainsKey("$ref"))
            {
                DropNull(schema);
                var definition = WithForms(type, schema);
                if (documentation.SummaryOf(type) is { } typeSummary)
                {
                    definition.Insert(0, "description", typeSummary);
                }

                definitions[type.Name] = definition;
            }

            schema = Named(type);
        }
        else
        {
            schema = Shape(type, schema);
        }

        if (context.PropertyInfo is { AttributeProvider: System.Reflection.PropertyInfo property }
            && documentation.SummaryOf(property) is { } summary)
        {
            schema.Insert(0, "description", summary);
        }

        return schema;
    }

    private static bool IsDefinition(Type type) =>
        type.IsClass && type.Namespace == typeof(ScenarioDocument).Namespace
        && type != typeof(RawYaml) && type != typeof(Amount) && type != typeof(Budget);

    private static string Pointer(Type type) => $"#/$defs/{type.Name}";

    private static JsonObject Named(Type type) => new() { ["$ref"] = Pointer(type) };

    private static JsonObject Shape(Type type, JsonObject schema)
    {
        if (type == typeof(RawYaml))
        {
            return [];
        }

        if (type == typeof(string))
        {
            return Text();
        }

        if (type == typeof(Amount))
        {
            return new JsonObject { ["type"] = new JsonArray("string", "integer") };
        }

        if (type == typeof(Budget))
        {
            return new JsonObject { ["type"] = "string", ["pattern"] = $"^ *(<=|<|==|>=|>|{Reference})" };
        }

        if (type.IsGenericType)
        {
            var item = type.GetGenericArguments()[^1];
            var inner = IsDefinition(item) ? Named(item) : Shape(item, []);
            return type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
                ? OrReference(new JsonObject { ["type"] = "array", ["items"] = inner })
                : new JsonObject { ["type"] = "object", ["additionalProperties"] = inner };
        }

        DropNull(schema);
        schema.Remove("pattern");
        schema.Remove("default");
        return OrReference(Plain(schema));
    }

    private static JsonObject WithForms(Type type, JsonObject schema)
    {
        if (type.IsDefined(typeof(ListFormAttribute), inherit: false))
        {
            return OrElse(new JsonObject { ["type"] = "array", ["items"] = Text() }, Text(), schema);
        }

        if (type.IsDefined(typeof(OneOfAttribute), inherit: false))
        {
            schema["minProperties"] = 1;
            schema["maxProperties"] = 1;
            var keys = schema["properties"]!.AsObject().Select(p => (JsonNode)JsonValue.Create(p.Key)).ToArray();
            return OrElse(new JsonObject { ["enum"] = new JsonArray(keys) }, schema);
        }

        return schema;
    }

    /// <summary>A bare number or boolean is a text where a text is wanted.</summary>
    private static JsonObject Text() => new() { ["type"] = new JsonArray("string", "number", "boolean") };

    private static JsonObject OrReference(JsonObject schema) =>
        OrElse(schema, new JsonObject { ["type"] = "string", ["pattern"] = $"^{Reference}$" });

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
