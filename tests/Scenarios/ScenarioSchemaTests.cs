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
        var schema = JsonNode.Parse(ScenarioSchema.Export())!.AsObject();

        Assert.Multiple(() =>
        {
            Assert.That(schema["additionalProperties"]!.GetValue<bool>(), Is.False);
            Assert.That(schema["properties"]!["title"]!["description"]!.GetValue<string>(), Does.Contain("One sentence"));
            Assert.That(schema["properties"]!.AsObject().Select(p => p.Value!["description"]), Has.None.Null);
        });
    }
}
