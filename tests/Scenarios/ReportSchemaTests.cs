using System.Text.Json;
using System.Text.Json.Nodes;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.Schema;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Scenarios;

/// <summary>The published schema of a run's report against a report.</summary>
public sealed class ReportSchemaTests
{
    [Test]
    public async Task Export_OfTheReport_NamesAndDescribesWhatARunPrints()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a.bin", 5000);
        rig.Volume.CreateHardLink("b.bin", "a.bin");
        var printed = new StringWriter();
        DocumentContext.Write(printed, BackupDocument.Of(await rig.BackupAsync()), context => context.BackupDocument);
        var report = JsonDocument.Parse(printed.ToString()).RootElement;

        var schema = JsonNode.Parse(ReportSchema.Export())!["oneOf"]!;
        var properties = schema[0]!["properties"]!.AsObject();

        Assert.That(properties.Select(item => item.Key), Is.EquivalentTo(report.EnumerateObject().Select(item => item.Name)));
        Assert.That(schema[0]!["required"]!.AsArray().Select(item => item!.GetValue<string>()), Is.EquivalentTo(properties.Select(item => item.Key)));
        Assert.That(properties.Where(item => item.Value!["description"] is null).Select(item => item.Key), Is.Empty);
        Assert.That(properties["mode"]!["enum"]!.ToJsonString(), Is.EqualTo("[\"full\",\"incremental\"]"));
        Assert.That(
            properties["skipped"]!["items"]!["properties"]!.AsObject().Select(item => item.Key),
            Is.EquivalentTo(report.GetProperty("skipped")[0].EnumerateObject().Select(item => item.Name)));
        Assert.That(schema[1]!["properties"]!["run"]!["properties"]!.AsObject(), Has.Count.EqualTo(9));
    }
}
