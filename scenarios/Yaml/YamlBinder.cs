using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Harness.Scenarios.Model;

namespace Harness.Scenarios.Yaml;

/// <summary>
/// Binds nodes to the records of the model: every key is a property in kebab case, everything else is a problem with its
/// place and what is allowed. Goes on after a problem, so that all of them show at once.
/// </summary>
/// <param name="problems">Told of everything wrong.</param>
public sealed class YamlBinder(ProblemList problems)
{
    /// <summary>Binds a node to a record; null when that is not possible, with the problems recorded.</summary>
    public T? Bind<T>(YamlNode node)
        where T : class => (T?)BindValue(typeof(T), node, "the document");

    private object? BindValue(Type type, YamlNode node, string what)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(RawYaml))
        {
            return new RawYaml(node);
        }

        if (type.GetCustomAttribute<ListFormAttribute>() is { } form && node is YamlScalar or YamlList)
        {
            return BindListForm(type, form, node, what);
        }

        if (type.GetCustomAttribute<OneOfAttribute>() is not null)
        {
            return BindOneOf(type, node, what);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return BindList(type.GetGenericArguments()[0], node, what);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            return BindDictionary(type.GetGenericArguments()[1], node, what);
        }

        return IsScalarType(type) ? BindScalar(type, node, what) : BindRecord(type, node, what);
    }

    private static bool IsScalarType(Type type) =>
        type.IsEnum || type == typeof(string) || type == typeof(int) || type == typeof(long) || type == typeof(bool)
        || type == typeof(Amount) || type == typeof(Budget);

    private object? BindScalar(Type type, YamlNode node, string what)
    {
        if (node is not YamlScalar { IsNull: false } scalar)
        {
            problems.Add(node.Mark, $"{Capital(what)} must be {Describe(type)}, not {node.KindName}.");
            return null;
        }

        var text = scalar.Text;
        if (type == typeof(string))
        {
            return text;
        }

        if (type.IsEnum)
        {
            return BindEnum(type, scalar, what);
        }

        if (type == typeof(bool) && text is "true" or "false")
        {
            return text == "true";
        }

        if (type == typeof(long) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var big))
        {
            return big;
        }

        if (type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var small))
        {
            return small;
        }

        try
        {
            if (type == typeof(Amount))
            {
                return Amount.Parse(text);
            }

            if (type == typeof(Budget))
            {
                return Budget.Parse(text);
            }
        }
        catch (FormatException error)
        {
            problems.Add(node.Mark, error.Message);
            return null;
        }

        problems.Add(node.Mark, $"{Capital(what)} must be {Describe(type)}, not '{text}'.");
        return null;
    }

    private object? BindEnum(Type type, YamlScalar scalar, string what)
    {
        var names = Enum.GetNames(type).Select(name => YamlNames.OfEnum(type, name)).ToList();
        var index = names.IndexOf(scalar.Text);
        if (index >= 0)
        {
            return Enum.GetValues(type).GetValue(index);
        }

        problems.Add(
            scalar.Mark,
            $"{Capital(what)} cannot be '{scalar.Text}'.{DidYouMean.Hint(scalar.Text, names)} {DidYouMean.Allowed(names)}");
        return null;
    }

    private object? BindListForm(Type type, ListFormAttribute form, YamlNode node, string what)
    {
        var words = node switch
        {
            YamlList list => BindList(typeof(string), list, what),
            YamlScalar { IsNull: false } scalar => new List<string> { scalar.Text },
            _ => Missing(node, what),
        };
        var bound = Activator.CreateInstance(type)!;
        type.GetProperty(form.Property)!.SetValue(bound, words);
        return words is null ? null : bound;
    }

    private object? Missing(YamlNode node, string what)
    {
        problems.Add(node.Mark, $"{Capital(what)} has no value.");
        return null;
    }

    private object? BindOneOf(Type type, YamlNode node, string what)
    {
        var names = type.GetProperties().Select(p => YamlNames.Of(p.Name)).ToList();
        if (node is YamlScalar { IsNull: false } word)
        {
            if (!names.Contains(word.Text))
            {
                problems.Add(
                    word.Mark,
                    $"'{word.Text}' is not known as {what}.{DidYouMean.Hint(word.Text, names)} {DidYouMean.Allowed(names)}");
                return null;
            }

            node = new YamlMap(word.Mark, [new YamlEntry(word.Text, word.Mark, new YamlMap(word.Mark, [], word.Mark))], word.Mark);
        }

        if (node is YamlMap map)
        {
            if (map.Entries.Count != 1)
            {
                problems.Add(map.Mark, $"{Capital(what)} has exactly one key. {DidYouMean.Allowed(names)}");
                return null;
            }

            if (map.Entries[0] is { Value: YamlScalar { IsNull: true } nothing } only)
            {
                node = map with { Entries = [only with { Value = new YamlMap(nothing.Mark, [], nothing.Mark) }] };
            }
        }

        return BindRecord(type, node, what);
    }

    private IList? BindList(Type item, YamlNode node, string what)
    {
        if (node is not YamlList list)
        {
            problems.Add(node.Mark, $"{Capital(what)} must be a list, not {node.KindName}.");
            return null;
        }

        var bound = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        foreach (var element in list.Items)
        {
            if (BindValue(item, element, $"an item of {what}") is { } value)
            {
                bound.Add(value);
            }
        }

        return bound;
    }

    private IDictionary? BindDictionary(Type item, YamlNode node, string what)
    {
        if (node is not YamlMap map)
        {
            problems.Add(node.Mark, $"{Capital(what)} must be a mapping, not {node.KindName}.");
            return null;
        }

        var bound = (IDictionary)Activator.CreateInstance(typeof(OrderedDictionary<,>).MakeGenericType(typeof(string), item))!;
        foreach (var entry in map.Entries)
        {
            if (BindValue(item, entry.Value, $"'{entry.Key}' of {what}") is { } value)
            {
                bound.Add(entry.Key, value);
            }
        }

        return bound;
    }

    private object? BindRecord(Type type, YamlNode node, string what)
    {
        if (node is not YamlMap map)
        {
            problems.Add(node.Mark, $"{Capital(what)} must be a mapping, not {node.KindName}.");
            return null;
        }

        var properties = type.GetProperties().Where(p => p.SetMethod is not null).ToDictionary(p => YamlNames.Of(p.Name), p => p);
        var bound = Activator.CreateInstance(type)!;
        var sound = true;
        foreach (var entry in map.Entries)
        {
            if (!properties.TryGetValue(entry.Key, out var property))
            {
                problems.Add(
                    entry.KeyMark,
                    $"Unknown key '{entry.Key}' in {what}.{DidYouMean.Hint(entry.Key, properties.Keys)} "
                    + DidYouMean.Allowed(properties.Keys));
                continue;
            }

            if (BindValue(property.PropertyType, entry.Value, $"'{entry.Key}'") is { } value)
            {
                property.SetValue(bound, value);
            }
            else
            {
                sound &= property.GetCustomAttribute<RequiredMemberAttribute>() is null;
            }
        }

        foreach (var (name, property) in properties)
        {
            if (property.GetCustomAttribute<RequiredMemberAttribute>() is not null && map.Find(name) is null)
            {
                problems.Add(map.Mark, $"The key '{name}' is missing in {what}.");
                sound = false;
            }
        }

        return sound ? bound : null;
    }

    private static string Describe(Type type) => type switch
    {
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(Amount) => "an amount such as 64KiB or 10%",
        _ when type == typeof(Budget) => "a bound such as '<= 64KiB'",
        _ when type.IsEnum => "one of " + string.Join(", ", Enum.GetNames(type).Select(n => YamlNames.OfEnum(type, n)).Take(6)),
        _ => "a text",
    };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
