using System.Text.Json.Serialization;
using Harness.Engine.Prune;
using Harness.Engine.Retention;

namespace Harness.Engine.Format;

/// <summary>The JSON of every document of a vault, generated at compile time: a short run is mostly start-up.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RepositoryDocument))]
[JsonSerializable(typeof(KeyDocument))]
[JsonSerializable(typeof(SessionDocument))]
[JsonSerializable(typeof(GcDocument))]
[JsonSerializable(typeof(DeletedDocument))]
internal sealed partial class DocumentJson : JsonSerializerContext;
