using System.Text.Encodings.Web;
using System.Text.Json;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports;

/// <summary>Lists the cells that would run.</summary>
internal static class ListReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    public static void Write(TextWriter output, IReadOnlyList<PlannedCell> cells, RunOptions options)
    {
        if (options.Json)
        {
            var rows = cells.Select(cell => new
            {
                cell.Id,
                Scenario = cell.Scenario.Id,
                Cell = cell.Label,
                cell.Vault,
                cell.Cell.Document.Title,
                cell.Cell.Document.Requirement.Clause,
                cell.Cell.Document.Profile,
                cell.Cell.Document.Tags,
                cell.Scenario.File,
                Seed = options.Seed ?? cell.Cell.Document.Seed,
            });
            output.WriteLine(JsonSerializer.Serialize(rows, Json));
            return;
        }

        foreach (var cell in cells)
        {
            output.WriteLine(cell.Id);
        }
    }
}
