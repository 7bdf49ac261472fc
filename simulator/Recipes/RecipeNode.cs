using System.Globalization;
using Harness.Engine.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Harness.Simulator.Recipes;

/// <summary>One mapping of a recipe, read by its shape. Every complaint names file, line, column and field.</summary>
internal sealed class RecipeNode
{
    private const int MaxShown = 60;

    private readonly ObjectShape _shape;
    private readonly string _source;
    private readonly string _field;
    private readonly Mark _start;
    private readonly Dictionary<string, YamlNode> _values = new(StringComparer.Ordinal);

    public RecipeNode(string source, YamlNode node, ObjectShape shape, string field)
    {
        _shape = shape;
        _source = source;
        _field = field;
        _start = node.Start;
        if (node is not YamlMappingNode mapping)
        {
            throw Error(source, node.Start, field, $"here {Article(shape.Name)} is expected, with fields and values");
        }

        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (shape.Find(name) is null)
            {
                var known = string.Join(", ", shape.Fields.Select(known => known.Name));
                var meant = Nearest(name, shape) is { } near ? $"; did you mean '{near}'?" : "";
                throw Error(source, key.Start, field, $"{Article(shape.Name)} has no field '{Clip(name)}'{meant} It has {known}");
            }

            _values.Add(name, value);
        }

        foreach (var required in shape.Fields.Where(known => known.IsRequired && !_values.ContainsKey(known.Name)))
        {
            throw Error(source, node.Start, field, $"{Article(shape.Name)} needs the field '{required.Name}'");
        }
    }

    /// <summary>Where the mapping is, and each of its values.</summary>
    public RecipePlace Place => PlaceOf(_source, _start, _field) with
    {
        Values = [.. _values.Select(value => new RecipeValuePlace(
            _shape.Find(value.Key)!.Name, (int)value.Value.Start.Line, (int)value.Value.Start.Column))],
    };

    public bool Has(string name) => _values.ContainsKey(name);

    public BackupException Error(string name, string problem) =>
        Error(_source, _values.TryGetValue(name, out var node) ? node.Start : _start, Field(name), problem);

    /// <summary>A complaint about one item of a list.</summary>
    public BackupException Error(string name, int index, string problem)
    {
        var (node, field) = Items(name).ElementAt(index);
        return Error(_source, node.Start, field, problem);
    }

    public string Text(string name, string absent) => Read(name, absent, value => value, "text");

    public bool Flag(string name) =>
        Read(name, false, value => value is "true" ? true : value is "false" ? false : (bool?)null, "true or false");

    public long Size(string name, long absent) => Read(name, absent, ParseSize, "a size such as 4KiB, 54400GB or 700");

    public long Whole(string name, long absent, long min, long max) => Read(
        name,
        absent,
        value => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max ? number : (long?)null,
        $"a whole number from {min} to {max}");

    public double Fraction(string name, double absent, double max) => Read(
        name,
        absent,
        value => double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number >= 0 && number <= max ? number : (double?)null,
        $"a number from 0 to {max}");

    public string Choice(string name, string absent)
    {
        var values = _shape.Find(name)!.Values!;
        return Read(name, absent, value => values.Contains(value) ? value : null, $"one of {string.Join(", ", values)}");
    }

    public IReadOnlyList<string> Choices(string name)
    {
        var values = _shape.Find(name)!.Values!;
        return [.. Items(name).Select(item => Scalar(
            item.Node, item.Field, value => values.Contains(value) ? value : null, $"one of {string.Join(", ", values)}"))];
    }

    public IReadOnlyList<T> List<T>(string name, Func<string, T?> parse, string expected)
        where T : struct => [.. Items(name).Select(item => Scalar(item.Node, item.Field, parse, expected))];

    public RecipeNode? Object(string name) => _values.TryGetValue(name, out var node)
        ? new RecipeNode(_source, node, _shape.Find(name)!.Item!, Field(name))
        : null;

    public IEnumerable<RecipeNode> Objects(string name) =>
        Items(name).Select(item => new RecipeNode(_source, item.Node, _shape.Find(name)!.Item!, item.Field));

    public IEnumerable<(string Name, IEnumerable<RecipeNode> Items)> ObjectsByName(string name)
    {
        if (!_values.TryGetValue(name, out var node))
        {
            yield break;
        }

        if (node is not YamlMappingNode mapping)
        {
            throw Error(name, "here names with lists are expected");
        }

        foreach (var (key, value) in mapping.Children)
        {
            var field = $"{Field(name)}.{(key as YamlScalarNode)?.Value}";
            yield return (
                (key as YamlScalarNode)?.Value ?? "",
                ItemsOf(value, field).Select(item => new RecipeNode(_source, item.Node, _shape.Find(name)!.Item!, item.Field)));
        }
    }

    public static long? ParseSize(string value) => SizeText.TryParse(value, out var bytes) ? bytes : null;

    public static BackupException Error(string source, Mark at, string field, string problem) => new(
        ErrorCode.RecipeInvalid,
        $"{PlaceOf(source, at, field)}: {problem}.",
        "Correct the recipe; 'harness schema' prints what it may hold.");

    private static RecipePlace PlaceOf(string source, Mark at, string field) =>
        new(source, at.Line, at.Column, field);

    private string Field(string name) => _field.Length == 0 ? name : $"{_field}.{name}";

    private T Read<T>(string name, T absent, Func<string, T?> parse, string expected)
        where T : struct =>
        _values.TryGetValue(name, out var node) ? Scalar(node, Field(name), parse, expected) : absent;

    private string Read(string name, string absent, Func<string, string?> parse, string expected) =>
        _values.TryGetValue(name, out var node) ? Scalar(node, Field(name), parse, expected) : absent;

    private T Scalar<T>(YamlNode node, string field, Func<string, T?> parse, string expected)
        where T : struct => node is YamlScalarNode { Value: { } value } && parse(value) is { } result
            ? result
            : throw Unexpected(node, field, expected);

    private string Scalar(YamlNode node, string field, Func<string, string?> parse, string expected) =>
        node is YamlScalarNode { Value: { } value } && parse(value) is { } result
            ? result
            : throw Unexpected(node, field, expected);

    private static string Article(string noun) => $"{(noun[0] is 'a' or 'e' or 'i' or 'o' ? "an" : "a")} {noun}";

    private static string Clip(string value) => value.Length <= MaxShown ? value : value[..MaxShown] + "...";

    /// <summary>The field that differs from a name by one or two letters, or by case.</summary>
    private static string? Nearest(string name, ObjectShape shape) => name.Length > MaxShown ? null : shape.Fields
        .Select(field => (field.Name, Distance: Distance(name.ToUpperInvariant(), field.Name.ToUpperInvariant())))
        .Where(field => field.Distance <= Math.Min(2, field.Name.Length / 2))
        .OrderBy(field => field.Distance)
        .Select(field => field.Name)
        .FirstOrDefault();

    /// <summary>Levenshtein's distance.</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substituted = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }

    private BackupException Unexpected(YamlNode node, string field, string expected)
    {
        var found = node is not YamlScalarNode { Value: var value } ? "this is not"
            : value?.StartsWith('-') == true ? $"'{Clip(value)}' is negative, and not"
            : $"'{Clip(value ?? "")}' is not";
        return Error(_source, node.Start, field, $"{found} {expected}");
    }

    private IEnumerable<(YamlNode Node, string Field)> Items(string name) =>
        _values.TryGetValue(name, out var node) ? ItemsOf(node, Field(name)) : [];

    private IEnumerable<(YamlNode Node, string Field)> ItemsOf(YamlNode node, string field) => node is YamlSequenceNode list
        ? list.Children.Select((item, index) => (item, $"{field}[{index}]"))
        : throw Error(_source, node.Start, field, "here a list is expected");
}
