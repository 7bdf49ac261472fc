using System.Text.Json.Nodes;
using Harness.Scenarios.Schema;
using NUnit.Framework;

namespace Harness.Tests.Scenarios;

public class ScenarioSchemaTests
{
    [Test]
    public void Export_ModelUnchanged_EqualsFileInCatalogue()
    {
        var file = Path.Combine(TestCatalog.Root, "scenario.schema.json");
        var schema = ScenarioSchema.Export();

        Assert.That(File.ReadAllText(file), Is.EqualTo(schema), "Stale: harness schema scenario > scenarios/catalog/scenario.schema.json");
    }

    [Test]
    public void Export_Model_HasDescriptionsAndRefusesUnknownKeys()
    {
        var definitions = JsonNode.Parse(ScenarioSchema.Export())!["$defs"]!;
        var scenario = definitions["ScenarioDocument"]!;

        Assert.Multiple(() =>
        {
            Assert.That(scenario["additionalProperties"]!.GetValue<bool>(), Is.False);
            Assert.That(scenario["properties"]!["title"]!["description"]!.GetValue<string>(), Does.Contain("One sentence"));
            Assert.That(scenario["properties"]!.AsObject().Select(p => p.Value!["description"]), Has.None.Null);
            Assert.That(definitions["StepDocument"]!.ToJsonString(), Does.Contain("\"enum\":[\"backup\""));
        });
    }

    [Test]
    public void Export_Model_EveryReferenceResolves()
    {
        var schema = JsonNode.Parse(ScenarioSchema.Export())!;
        var names = schema["$defs"]!.AsObject().Select(p => $"#/$defs/{p.Key}").ToList();

        Assert.That(ReferencesIn(schema).Distinct(), Is.EquivalentTo(names));
    }

    private static IEnumerable<string> ReferencesIn(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(p => p.Key == "$ref" ? [p.Value!.GetValue<string>()] : ReferencesIn(p.Value)),
        JsonArray list => list.SelectMany(ReferencesIn),
        _ => [],
    };
}
