using System.Globalization;
using System.Text;
using Harness.Engine.Errors;
using Harness.Simulator.Faults;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Harness.Scenarios.Searches.Swarm;

/// <summary>A case as a YAML file that a person can read, change and run again.</summary>
internal static class CaseFile
{
    private const int MostCharacters = 1 << 20;
    private const int MostMachines = 26;

    private static readonly string[] Fields = ["seed", "machines", "tracking", "schedule", "faults", "steps"];

    /// <summary>Writes a case whose faults are known.</summary>
    /// <param name="swarmCase">The case.</param>
    /// <param name="shows">What it shows, for a comment at the top.</param>
    public static string Write(SwarmCase swarmCase, IReadOnlyList<string> shows)
    {
        var text = new StringBuilder();
        foreach (var problem in shows)
        {
            // Its first line: where the program was built is nothing for a file that goes to others.
            text.Append("# ").Append(problem.Split('\n')[0].TrimEnd()).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"seed: {swarmCase.Seed}\n");
        text.Append(CultureInfo.InvariantCulture, $"machines: {swarmCase.Machines}\n");
        text.Append(CultureInfo.InvariantCulture, $"tracking: {swarmCase.Tracking.ToString().ToLowerInvariant()}\n");
        text.Append(CultureInfo.InvariantCulture, $"schedule: {(swarmCase.IsFifo ? "fifo" : "seeded")}\n");
        AppendList(text, "faults", swarmCase.Faults ?? []);
        AppendList(text, "steps", swarmCase.Steps);
        return text.ToString();
    }

    /// <summary>Reads a case; ScenarioInvalid with file, line and column when it is none.</summary>
    public static SwarmCase Read(string text, string file)
    {
        if (text.Length > MostCharacters)
        {
            throw Error(file, Mark.Empty, $"the file has {text.Length} characters, and {MostCharacters} are the most");
        }

        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            throw Error(file, error.Start, error.Message.TrimEnd('.'));
        }
        catch (InvalidOperationException)
        {
            // The scanner's own assertion: some control characters in a flow mapping.
            throw Error(file, Mark.Empty, "there are characters that no YAML reader takes");
        }

        if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
        {
            throw Error(file, Mark.Empty, $"one document with the fields {string.Join(", ", Fields)} is expected");
        }

        foreach (var key in root.Children.Keys.Where(key => key is not YamlScalarNode { Value: { } name } || !Fields.Contains(name)))
        {
            throw Error(file, key.Start, $"'{key}' is no field of a case. Known: {string.Join(", ", Fields)}");
        }

        return new SwarmCase
        {
            Seed = Value(root, file, "seed", static (string word, out ulong seed) => ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out seed), "a whole number"),
            Machines = Value(root, file, "machines", static (string word, out int count) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is > 0 and <= MostMachines, $"1 to {MostMachines}"),
            Tracking = Value(root, file, "tracking", static (string word, out SwarmTracking how) => Enum.TryParse(word, ignoreCase: true, out how) && Enum.IsDefined(how), string.Join(", ", Enum.GetNames<SwarmTracking>()).ToLowerInvariant()),
            IsFifo = Value(root, file, "schedule", static (string word, out bool isFifo) => (isFifo = word == "fifo") || word == "seeded", "fifo or seeded"),
            Faults = List(root, file, "faults", FaultRule.Parse),
            Steps = List(root, file, "steps", SwarmStep.Parse),
        };
    }

    private delegate bool Reader<T>(string word, out T value);

    private static void AppendList<T>(StringBuilder text, string name, IReadOnlyList<T> items)
    {
        text.Append(name).Append(items.Count == 0 ? ": []\n" : ":\n");
        foreach (var item in items)
        {
            // In quotes: a '#' or ':' in a name is no business of YAML's.
            text.Append(CultureInfo.InvariantCulture, $"  - '{$"{item}".Replace("'", "''", StringComparison.Ordinal)}'\n");
        }
    }

    private static T Value<T>(YamlMappingNode root, string file, string field, Reader<T> read, string expected) =>
        !root.Children.TryGetValue(field, out var node) ? throw Error(file, root.Start, $"the field '{field}' is missing")
        : node is YamlScalarNode { Value: { } word } && read(word, out var value) ? value
        : throw Error(file, node.Start, $"{field}: {expected} is expected, not '{node}'");

    private static List<T> List<T>(YamlMappingNode root, string file, string field, Func<string, T> parse)
    {
        if (!root.Children.TryGetValue(field, out var node) || node is not YamlSequenceNode list)
        {
            throw Error(file, (node ?? root).Start, $"{field}: a list is expected");
        }

        return [.. list.Children.Select(item =>
        {
            try
            {
                return parse(item is YamlScalarNode { Value: { } words } ? words : throw new FormatException("words are expected"));
            }
            catch (FormatException error)
            {
                throw Error(file, item.Start, error.Message.TrimEnd('.'));
            }
        })];
    }

    private static BackupException Error(string file, in Mark at, string problem) => new(
        ErrorCode.ScenarioInvalid,
        string.Create(CultureInfo.InvariantCulture, $"{file}({at.Line},{at.Column}): {problem}."),
        "Correct the file; 'harness swarm' writes such files.");
}
