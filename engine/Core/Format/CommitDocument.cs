using System.Text.Json;
using Harness.Engine.Backup;
using Harness.Engine.Model;

namespace Harness.Engine.Format;

/// <summary>A recovery point as its commit blob states it (FORMAT.md section 9).</summary>
internal sealed record CommitDocument
{
    private const string Full = "full";
    private const string Incremental = "incremental";

    /// <summary>By the number of the level.</summary>
    private static readonly string[] ConsistencyWords = ["crash", "file-system", "application"];

    public required int Version { get; init; }

    public required string Source { get; init; }

    public required long Sequence { get; init; }

    public required string? Parent { get; init; }

    public required DateTimeOffset TakenAt { get; init; }

    public required DateTimeOffset CommittedAt { get; init; }

    public required string Profile { get; init; }

    /// <summary>Preserve modes, parted by commas; null for none.</summary>
    public string? Preserve { get; init; }

    public required BackupMode Mode { get; init; }

    public required ConsistencyLevel Consistency { get; init; }

    public required bool Checkpoint { get; init; }

    public required long ChainStart { get; init; }

    public long ChainBytes { get; init; }

    public required IReadOnlyList<string> Manifests { get; init; }

    public required IReadOnlyList<string> Indexes { get; init; }

    public required string? Cursor { get; init; }

    public required ProtectedTotals Protected { get; init; }

    public required long ChangedBytes { get; init; }

    public required long Skipped { get; init; }

    public required long Failed { get; init; }

    public required string Engine { get; init; }

    public static string Context(string source, long sequence) => $"commit/{source}/{sequence:D10}";

    public byte[] Encode()
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("source", Source);
            json.WriteNumber("sequence", Sequence);
            json.WriteString("parent", Parent);
            json.WriteString("takenAt", TakenAt);
            json.WriteString("committedAt", CommittedAt);
            json.WriteString("profile", Profile);
            json.WriteString("preserve", Preserve);
            json.WriteString("mode", Mode == BackupMode.Full ? Full : Incremental);
            json.WriteString("consistency", ConsistencyWords[(int)Consistency]);
            json.WriteBoolean("checkpoint", Checkpoint);
            json.WriteNumber("chainStart", ChainStart);
            json.WriteNumber("chainBytes", ChainBytes);
            Write(json, "manifests", Manifests);
            Write(json, "indexes", Indexes);
            json.WriteString("cursor", Cursor);
            json.WriteStartObject("protected");
            json.WriteNumber("files", Protected.Files);
            json.WriteNumber("directories", Protected.Directories);
            json.WriteNumber("logicalBytes", Protected.LogicalBytes);
            json.WriteNumber("allocatedBytes", Protected.AllocatedBytes);
            json.WriteEndObject();
            json.WriteNumber("changedBytes", ChangedBytes);
            json.WriteNumber("skipped", Skipped);
            json.WriteNumber("failed", Failed);
            json.WriteString("engine", Engine);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    public static CommitDocument Decode(byte[] plaintext, string name)
    {
        CommitDocument commit;
        try
        {
            using var json = JsonDocument.Parse(plaintext);
            commit = Read(json.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Text that is no UTF-8 is met only when it is asked for, and then as an invalid operation.
            throw Damage.In(name, "its document cannot be read", error);
        }

        return commit is { Version: FormatLimits.Version } && commit.Sequence > 0 && commit.ChainStart > 0
            && commit.ChainStart <= commit.Sequence && commit.Checkpoint == (commit.ChainStart == commit.Sequence)
                ? commit
                : throw Damage.In(name, "its document contradicts itself");
    }

    private static CommitDocument Read(JsonElement root)
    {
        var totals = root.Member("protected");
        return new CommitDocument
        {
            Version = root.Int("version"),
            Source = root.Text("source"),
            Sequence = root.Long("sequence"),
            Parent = root.OptionalText("parent"),
            TakenAt = root.Moment("takenAt"),
            CommittedAt = root.Moment("committedAt"),
            Profile = root.Text("profile"),
            Preserve = root.OptionalText("preserve"),
            Mode = root.Text("mode") switch
            {
                Full => BackupMode.Full,
                Incremental => BackupMode.Incremental,
                _ => throw JsonMembers.Wrong("mode", "is none that is known"),
            },
            Consistency = Array.IndexOf(ConsistencyWords, root.Text("consistency")) is >= 0 and var level
                ? (ConsistencyLevel)level
                : throw JsonMembers.Wrong("consistency", "is none that is known"),
            Checkpoint = root.Flag("checkpoint"),
            ChainStart = root.Long("chainStart"),
            ChainBytes = root.Long("chainBytes"),
            Manifests = root.Texts("manifests"),
            Indexes = root.Texts("indexes"),
            Cursor = root.OptionalText("cursor"),
            Protected = new ProtectedTotals(
                totals.Long("files"), totals.Long("directories"), totals.Long("logicalBytes"), totals.Long("allocatedBytes")),
            ChangedBytes = root.Long("changedBytes"),
            Skipped = root.Long("skipped"),
            Failed = root.Long("failed"),
            Engine = root.Text("engine"),
        };
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
