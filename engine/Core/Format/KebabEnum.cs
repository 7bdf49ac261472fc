using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harness.Engine.Format;

/// <summary>Writes an enumeration as kebab-case words.</summary>
internal sealed class KebabEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower)
    where T : struct, Enum;
