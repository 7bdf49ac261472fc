using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Harness.Engine.Backup;
using Harness.Scenarios.CommandLine.Documents;

namespace Harness.Scenarios.Schema;

/// <summary>
/// The JSON Schema of what <c>backup --json</c> prints: the report of a run that made a recovery point, or the error of one that
/// did not and what it had cost. Exported from the documents themselves; descriptions are the report's own XML documentation.
/// </summary>
public static class ReportSchema
{
    private static readonly JsonSerializerOptions Output = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema as indented JSON with a line feed at the end.</summary>
    public static string Export()
    {
        var documentation = new XmlDocumentation(typeof(BackupReport).Assembly);
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Describe(context, node, documentation),
        };
        var documents = DocumentContext.Default.Options;
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Harness backup report",
            ["oneOf"] = new JsonArray(
                documents.GetJsonSchemaAsNode(typeof(BackupDocument), options),
                documents.GetJsonSchemaAsNode(typeof(ErrorDocument), options)),
        };
        return schema.ToJsonString(Output) + "\n";
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node, XmlDocumentation documentation)
    {
        // The documents repeat the report's names; what a name means is said once, there.
        if (context.PropertyInfo is { } property && node is JsonObject schema
            && typeof(BackupReport).GetProperty(property.Name, BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Instance) is { } told
            && documentation.SummaryOf(told) is { } text)
        {
            schema.Insert(0, "description", text);
        }

        return node;
    }
}
