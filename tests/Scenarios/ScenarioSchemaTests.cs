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
        if (Environment.GetEnvironmentVariable("HARNESS_UPDATE_SCHEMA") == "1")
        {
            File.WriteAllText(file, schema);
        }

        Assert.That(File.ReadAllText(file), Is.EqualTo(schema), "Stale: run the tests once with HARNESS_UPDATE_SCHEMA=1.");
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
