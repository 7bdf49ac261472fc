using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Harness.Engine.Backup;
using Harness.Engine.Model;
using Harness.Engine.Rules;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>Serialisation of every document, generated at compile time so that start-up stays short.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    Converters =
    [
        typeof(KebabEnum<BackupMode>),
        typeof(KebabEnum<ConsistencyLevel>),
        typeof(KebabEnum<AlertLevel>),
        typeof(KebabEnum<Protection>),
        typeof(KebabEnum<ClauseStatus>),
        typeof(KebabEnum<RuleSubject>),
        typeof(KebabEnum<SizeMeasure>),
        typeof(KebabEnum<ClauseTopic>),
        typeof(KebabEnum<VolumeState>),
        typeof(KebabEnum<ProtectedSystem>),
        typeof(KebabEnum<Workload>),
    ])]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(BackupDocument))]
[JsonSerializable(typeof(RecoveryPointsDocument))]
[JsonSerializable(typeof(RestoreDocument))]
[JsonSerializable(typeof(CheckDocument))]
[JsonSerializable(typeof(VerifyDocument))]
[JsonSerializable(typeof(UndeleteDocument))]
[JsonSerializable(typeof(Harness.Engine.Prune.PruneReport))]
[JsonSerializable(typeof(Harness.Engine.Repair.RepairReport))]
[JsonSerializable(typeof(Harness.Engine.Retention.ForgetReport))]
[JsonSerializable(typeof(MatrixDocument))]
[JsonSerializable(typeof(MatrixDiffDocument))]
[JsonSerializable(typeof(MatrixSetDocument))]
[JsonSerializable(typeof(ExplainSetDocument))]
[JsonSerializable(typeof(ExplainDocument))]
[JsonSerializable(typeof(ExplainedPath))]
[JsonSerializable(typeof(IReadOnlyList<RuleCount>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(VolumeDocument))]
[JsonSerializable(typeof(CaptureDocument))]
[JsonSerializable(typeof(ExportDocument))]
internal sealed partial class DocumentContext : JsonSerializerContext
{
    // Letters of any script and quotes stay readable, since a document goes to files and pipes, never into a page.
    private static readonly Lazy<DocumentContext> Readable = new(() =>
        new(new JsonSerializerOptions(Default!.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    /// <summary>One document, or a part of one, as text.</summary>
    public static string Text<T>(T document, Func<DocumentContext, JsonTypeInfo<T>> type) =>
        JsonSerializer.Serialize(document, type(Readable.Value));

    /// <summary>Writes one document and a line end.</summary>
    public static void Write<T>(TextWriter output, T document, Func<DocumentContext, JsonTypeInfo<T>> type) =>
        output.WriteLine(JsonSerializer.Serialize(document, type(Readable.Value)));
}
