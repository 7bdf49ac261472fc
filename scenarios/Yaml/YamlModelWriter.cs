using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Harness.Scenarios.Model;

namespace Harness.Scenarios.Yaml;

/// <summary>
/// Turns records of the model into the nodes that they would be bound from: the inverse of <see cref="YamlBinder"/>. What has
/// its default value is left out, as an author would.
/// </summary>
public static class YamlModelWriter
{
    /// <summary>The record as nodes, all of which stand at one place.</summary>
    public static YamlMap Write(object model, YamlMark mark)
    {
        ArgumentNullException.ThrowIfNull(model);
        var type = model.GetType();
        var plain = Activator.CreateInstance(type)!;
        var entries = new List<YamlEntry>();
        foreach (var property in type.GetProperties().Where(p => p.SetMethod is not null))
        {
            var value = property.GetValue(model);
            if (value is not null && (IsRequired(property) || !IsSame(value, property.GetValue(plain))))
            {
                entries.Add(new YamlEntry(YamlNames.Of(property.Name), mark, Node(value, mark)));
            }
        }

        return new YamlMap(mark, entries, mark);
    }

    private static YamlNode Node(object value, YamlMark mark) => value switch
    {
        RawYaml raw => raw.Node,
        Amount amount => Scalar(amount.Text, mark),
        Budget budget => Scalar(budget.Text, mark),
        string text => Scalar(text, mark),
        bool flag => Scalar(flag ? "true" : "false", mark),
        int or long => Scalar($"{value}", mark),
        Enum word => Scalar(YamlNames.OfEnum(word.GetType(), word.ToString()), mark),
        IDictionary map => new YamlMap(mark, [.. Pairs(map).Select(p => new YamlEntry(p.Key, mark, Node(p.Value, mark)))], mark),
        IEnumerable list => new YamlList(mark, [.. list.Cast<object>().Select(item => Node(item, mark))]),
        _ => Write(value, mark),
    };

    /// <summary>Quoted, so that words such as null stay words; what is not text is read from quotes all the same.</summary>
    private static YamlScalar Scalar(string text, YamlMark mark) => new(mark, text, IsQuoted: true);

    private static IEnumerable<(string Key, object Value)> Pairs(IDictionary map)
    {
        foreach (DictionaryEntry pair in map)
        {
            yield return ((string)pair.Key, pair.Value!);
        }
    }

    private static bool IsRequired(PropertyInfo property) => property.GetCustomAttribute<RequiredMemberAttribute>() is not null;

    private static bool IsSame(object value, object? other) => (value, other) switch
    {
        (_, null) => false,
        (string, _) => value.Equals(other),
        (IEnumerable one, IEnumerable two) => !one.Cast<object>().Any() && !two.Cast<object>().Any(),
        (Amount one, Amount two) => one.Text == two.Text,
        _ => value.Equals(other),
    };
}
