using System.Text.Json;

namespace Harness.Perf.Engines;

/// <summary>Ours, as published: every step a process, as for the others.</summary>
/// <param name="program">Path of the program.</param>
/// <param name="storage">Where the vault is.</param>
internal sealed class HarnessTool(string program, IToolStorage storage) : BackupTool("harness", storage)
{
    public override string? Version => VersionOf(program, "--version");

    public override long? SentBytes(ProcessFigures figures)
    {
        using var report = JsonDocument.Parse(figures.Output);
        return Find(report.RootElement, "sentBytes");
    }

    protected override ToolCommand BackupCommand(string source) => Command(
        "backup", source, "--name", "compare", "--scratch", Path.Combine(Home, "scratch"), "--allow-case-sensitive");

    protected override ToolCommand RestoreCommand(string target) => Command("restore", "--target", target);

    protected override ToolCommand CheckCommand() => Command("check", "--read-data");

    private ToolCommand Command(params string[] arguments) => new(
        [program, .. arguments, "--vault", Storage.Address, "--json"],
        new Dictionary<string, string>(Storage.Environment) { ["HARNESS_PASSPHRASE"] = Passphrase });

    /// <summary>The first number of this name at any depth: reports of several verbs put it at different places.</summary>
    private static long? Find(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetInt64()
            : element.EnumerateObject().Select(property => Find(property.Value, name)).FirstOrDefault(found => found is not null);
    }
}
