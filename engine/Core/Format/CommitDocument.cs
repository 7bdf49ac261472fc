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

    public byte[] Encode() => JsonMembers.Encode(this, static (json, commit) =>
    {
        json.WriteNumber("version", commit.Version);
        json.WriteString("source", commit.Source);
        json.WriteNumber("sequence", commit.Sequence);
        json.WriteString("parent", commit.Parent);
        json.WriteString("takenAt", commit.TakenAt);
        json.WriteString("committedAt", commit.CommittedAt);
        json.WriteString("profile", commit.Profile);
        json.WriteString("preserve", commit.Preserve);
        json.WriteString("mode", commit.Mode == BackupMode.Full ? Full : Incremental);
        json.WriteString("consistency", ConsistencyWords[(int)commit.Consistency]);
        json.WriteBoolean("checkpoint", commit.Checkpoint);
        json.WriteNumber("chainStart", commit.ChainStart);
        json.WriteNumber("chainBytes", commit.ChainBytes);
        Write(json, "manifests", commit.Manifests);
        Write(json, "indexes", commit.Indexes);
        json.WriteString("cursor", commit.Cursor);
        json.WriteStartObject("protected");
        json.WriteNumber("files", commit.Protected.Files);
        json.WriteNumber("directories", commit.Protected.Directories);
        json.WriteNumber("logicalBytes", commit.Protected.LogicalBytes);
        json.WriteNumber("allocatedBytes", commit.Protected.AllocatedBytes);
        json.WriteEndObject();
        json.WriteNumber("changedBytes", commit.ChangedBytes);
        json.WriteNumber("skipped", commit.Skipped);
        json.WriteNumber("failed", commit.Failed);
        json.WriteString("engine", commit.Engine);
    });

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
