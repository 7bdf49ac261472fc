using System.Text.Json;
using Harness.Engine.Backup;
using Harness.Engine.Model;

namespace Harness.Engine.Format;

/// <summary>A recovery point as its commit blob states it (FORMAT.md section 9).</summary>
internal sealed record CommitDocument
{
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

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, DocumentJson.Default.CommitDocument);

    public static CommitDocument Decode(byte[] plaintext, string name)
    {
        CommitDocument? commit;
        try
        {
            commit = JsonSerializer.Deserialize(plaintext, DocumentJson.Default.CommitDocument);
        }
        catch (JsonException error)
        {
            throw Damage.In(name, "its document cannot be read", error);
        }

        return commit is { Version: FormatLimits.Version } && commit.Sequence > 0 && commit.ChainStart > 0
            && commit.ChainStart <= commit.Sequence && commit.Checkpoint == (commit.ChainStart == commit.Sequence)
                ? commit
                : throw Damage.In(name, "its document contradicts itself");
    }
}
