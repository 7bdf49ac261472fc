using Harness.Engine.Backup;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Repositories;

namespace Harness.Engine.RecoveryPoints;

/// <summary>What lists and retention need of a recovery point, and what chains it to the one before. Immutable.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Hash">Hash of its commit blob.</param>
/// <param name="Parent">Hash of the commit before; all zero when it follows none.</param>
/// <param name="TakenAt">When its snapshot was taken.</param>
/// <param name="Mode">Full or incremental.</param>
/// <param name="Consistency">Of its snapshot.</param>
/// <param name="Profile">Rule profile in force.</param>
/// <param name="Protected">What it protects.</param>
/// <param name="ChangedBytes">Bytes that differed from the one before.</param>
/// <param name="Skipped">Entries and streams skipped by the rules.</param>
/// <param name="Failed">Entries that could not be read.</param>
internal sealed record KnownPoint(
    long Sequence,
    Hash256 Hash,
    Hash256 Parent,
    DateTimeOffset TakenAt,
    BackupMode Mode,
    ConsistencyLevel Consistency,
    string Profile,
    ProtectedTotals Protected,
    long ChangedBytes,
    long Skipped,
    long Failed)
{
    public static KnownPoint Of(Commit commit)
    {
        var at = commit.Document;
        return new KnownPoint(
            at.Sequence,
            commit.Hash,
            at.Parent is { } parent ? Hash256.Parse(parent) ?? default : default,
            at.TakenAt.ToUniversalTime(),
            at.Mode,
            at.Consistency,
            at.Profile,
            at.Protected,
            at.ChangedBytes,
            at.Skipped,
            at.Failed);
    }

    public void Write(WireWriter output)
    {
        output.VarInt(Sequence);
        output.Hash(Hash);
        output.Hash(Parent);
        output.VarInt(TakenAt.UtcTicks);
        output.U8((byte)Mode);
        output.U8((byte)Consistency);
        output.Text(Profile);
        output.VarInt(Protected.Files);
        output.VarInt(Protected.Directories);
        output.VarInt(Protected.LogicalBytes);
        output.VarInt(Protected.AllocatedBytes);
        output.VarInt(ChangedBytes);
        output.VarInt(Skipped);
        output.VarInt(Failed);
    }

    public static KnownPoint Read(ref WireReader reader) => new(
        reader.Count(long.MaxValue),
        reader.Hash(),
        reader.Hash(),
        new DateTimeOffset(reader.Count(DateTime.MaxValue.Ticks), TimeSpan.Zero),
        (BackupMode)reader.Count((long)BackupMode.Incremental),
        (ConsistencyLevel)reader.Count((long)ConsistencyLevel.Application),
        reader.Text(),
        new ProtectedTotals(
            reader.Count(long.MaxValue), reader.Count(long.MaxValue), reader.Count(long.MaxValue), reader.Count(long.MaxValue)),
        reader.Count(long.MaxValue),
        reader.Count(long.MaxValue),
        reader.Count(long.MaxValue));
}
