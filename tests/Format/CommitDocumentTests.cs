using System.Text;
using System.Text.Json.Nodes;
using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using NUnit.Framework;

namespace Harness.Tests.Format;

/// <summary>The document of a commit, which is read and written by hand.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class CommitDocumentTests
{
    [TestCase(BackupMode.Full, ConsistencyLevel.Crash)]
    [TestCase(BackupMode.Incremental, ConsistencyLevel.FileSystem)]
    [TestCase(BackupMode.Incremental, ConsistencyLevel.Application)]
    public void Decode_OfWhatWasEncoded_IsTheSame(BackupMode mode, ConsistencyLevel consistency)
    {
        var document = Document() with { Mode = mode, Consistency = consistency };

        var decoded = CommitDocument.Decode(document.Encode(), "commit");

        Assert.That(decoded.Manifests, Is.EqualTo(document.Manifests));
        Assert.That(decoded.Indexes, Is.EqualTo(document.Indexes));
        Assert.That(decoded with { Manifests = document.Manifests, Indexes = document.Indexes }, Is.EqualTo(document));
    }

    [TestCase("takenAt")]
    [TestCase("manifests")]
    [TestCase("protected")]
    [TestCase("checkpoint")]
    public void Decode_OfADocumentThatLacksAMember_NamesIt(string member)
    {
        var error = Assert.Throws<BackupException>(() => Decode(json => json.Remove(member)))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.VaultBlobDamaged));
        Assert.That(error.InnerException!.Message, Does.Contain($"'{member}'"));
    }

    [TestCase("sequence", "\"7\"")]
    [TestCase("sequence", "7.5")]
    [TestCase("takenAt", "\"yesterday\"")]
    [TestCase("mode", "\"differential\"")]
    [TestCase("consistency", "1")]
    [TestCase("checkpoint", "0")]
    [TestCase("manifests", "[1]")]
    [TestCase("source", "null")]
    [TestCase("protected", "[]")]
    public void Decode_OfAMemberOfAnotherKind_IsDamage(string member, string value)
    {
        var error = Assert.Throws<BackupException>(() => Decode(json => json[member] = JsonNode.Parse(value)))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.VaultBlobDamaged));
    }

    [Test]
    public void Decode_OfAMemberThatIsNotKnown_IgnoresIt() =>
        Assert.That(() => Decode(json => json["later"] = new JsonObject()), Throws.Nothing);

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{\"source\":\"\u00ff\"}")]
    public void Decode_OfNoObject_IsDamage(string text) => Assert.That(
        () => CommitDocument.Decode(Encoding.Latin1.GetBytes(text), "commit"),
        Throws.TypeOf<BackupException>().With.Property(nameof(BackupException.Code)).EqualTo(ErrorCode.VaultBlobDamaged));

    private static void Decode(Action<JsonObject> change)
    {
        var json = JsonNode.Parse(Document().Encode())!.AsObject();
        change(json);
        _ = CommitDocument.Decode(Encoding.UTF8.GetBytes(json.ToJsonString()), "commit");
    }

    private static CommitDocument Document() => new()
    {
        Version = FormatLimits.Version,
        Source = "docs \u00e4\u4e2d",
        Sequence = 7,
        Parent = null,
        TakenAt = new DateTimeOffset(2026, 11, 22, 8, 0, 0, 123, TimeSpan.FromHours(2)),
        CommittedAt = new DateTimeOffset(2026, 11, 22, 8, 1, 0, TimeSpan.Zero),
        Profile = "dpm-classic-2018",
        Preserve = "hard-links",
        Mode = BackupMode.Full,
        Consistency = ConsistencyLevel.Crash,
        Checkpoint = false,
        ChainStart = 3,
        ChainBytes = 1L << 40,
        Manifests = ["a", "b"],
        Indexes = [],
        Cursor = "journal:1",
        Protected = new ProtectedTotals(1, 2, long.MaxValue, 4),
        ChangedBytes = 5,
        Skipped = 6,
        Failed = 8,
        Engine = "0.1.0",
    };
}
