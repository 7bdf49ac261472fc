using System.Text.Json;
using Harness.Engine.Errors;

namespace Harness.Scenarios.Yaml;

/// <summary>How names of the C# model are written in YAML.</summary>
public static class YamlNames
{
    /// <summary>A property: kebab case.</summary>
    public static string Of(string property) => JsonNamingPolicy.KebabCaseLower.ConvertName(property);

    /// <summary>An enum value: kebab case, but error codes stand as they are printed everywhere.</summary>
    public static string OfEnum(Type type, string name) => type == typeof(ErrorCode) ? name : Of(name);
}
