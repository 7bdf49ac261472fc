using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Harness.Scenarios.Schema;

/// <summary>The summaries that the compiler wrote beside an assembly.</summary>
internal sealed partial class XmlDocumentation
{
    private readonly Dictionary<string, string> _summaries;

    /// <summary>Reads the file beside the assembly; without it there are no summaries.</summary>
    public XmlDocumentation(Assembly assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        _summaries = !File.Exists(file)
            ? []
            : XDocument.Load(file).Descendants("member")
                .Where(member => member.Element("summary") is not null)
                .ToDictionary(
                    member => member.Attribute("name")!.Value,
                    member => Space().Replace(TextOf(member.Element("summary")!), " ").Trim());
    }

    /// <summary>The summary of a property, or null.</summary>
    public string? SummaryOf(PropertyInfo property) =>
        _summaries.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}");

    /// <summary>The summary of a type, or null.</summary>
    public string? SummaryOf(Type type) => _summaries.GetValueOrDefault($"T:{type.FullName}");

    private static string TextOf(XElement element) => string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => see.Attribute("cref")?.Value.Split('.')[^1] ?? "",
        XElement inner => TextOf(inner),
        _ => "",
    }));

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Space();
}
