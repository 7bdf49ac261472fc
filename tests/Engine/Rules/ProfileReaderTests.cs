using System.Text;
using Harness.Engine.Errors;
using Harness.Engine.Rules;
using Harness.Engine.Rules.Reading;
using NUnit.Framework;

namespace Harness.Tests.Engine.Rules;

/// <summary>Profiles are read strictly: whatever is wrong is told with file, line and column.</summary>
[Parallelizable]
public sealed class ProfileReaderTests
{
    private const string Extending = """
        {
          "id": "mine", "title": "Mine", "extends": "dpm-classic-2018",
          "restates": [ { "document": "D20", "clauses": [ "file.sparse" ] } ],
          "silent": [ "file.hard-link" ],
          "options": { "maxBackupsPerDay": null },
          "clauses": [
            { "id": "file.encrypted", "document": "M22", "status": "documented", "quote": "Supported.",
              "contradictions": [ { "document": "SEED", "quote": "Encrypted (Full backups only)" } ] }
          ],
          "fileTypes": [
            { "appliesTo": "entry", "when": ["encrypted"], "protection": "incremental", "clause": "file.encrypted" }
          ]
        }
        """;

    [Test]
    public void Extending_ChangesWhatItNamesAndNothingElse()
    {
        var parent = ProfileCatalog.Load(ProfileCatalog.DefaultId);
        var mine = Read(Extending);

        Assert.Multiple(() =>
        {
            Assert.That(mine.Clauses.Select(c => c.Id), Is.EqualTo(parent.Clauses.Select(c => c.Id)));
            Assert.That(mine.GetClause("file.encrypted").Quote, Is.EqualTo("Supported."));
            Assert.That(mine.GetClause("file.encrypted").Title, Is.EqualTo("Encrypted files"));
            Assert.That(mine.GetClause("file.encrypted").Contradictions.Single().Date, Is.EqualTo("2017-03-10"));
            Assert.That(mine.GetClause("file.sparse").Date, Is.EqualTo("2020-10-21"));
            Assert.That(mine.GetClause("file.sparse").Quote, Is.EqualTo(parent.GetClause("file.sparse").Quote));
            Assert.That(mine.GetClause("file.hard-link").Status, Is.EqualTo(ClauseStatus.Open));
            Assert.That(mine.GetClause("file.compressed"), Is.SameAs(parent.GetClause("file.compressed")));
            Assert.That(mine.Options.MaxBackupsPerDay, Is.Null);
            Assert.That(mine.Options.MaxRecoveryPoints, Is.EqualTo(parent.Options.MaxRecoveryPoints));
            Assert.That(mine.FileTypes.Count, Is.EqualTo(parent.FileTypes.Count));
            Assert.That(
                mine.FileTypes.Single(r => r.Verdict.Clause.Id == "file.encrypted").Verdict.Protection, Is.EqualTo(Protection.Incremental));
            Assert.That(
                mine.FileTypes.Single(r => r.Verdict.Clause.Id == "file.hard-link").Verdict.Clause.Status, Is.EqualTo(ClauseStatus.Open));
        });
    }

    [TestCase("\"title\": \"Mine\"", "\"titel\": \"Mine\"", 2, 17, "'titel' is not known here")]
    [TestCase("\"extends\": \"dpm-classic-2018\"", "\"extends\": \"dpm-1999\"", 2, 34, "There is no rule profile 'dpm-1999'")]
    [TestCase("\"document\": \"D20\"", "\"document\": \"D21\"", 3, 19, "There is no document 'D21'")]
    [TestCase("[ \"file.sparse\" ]", "[ \"file.sparce\" ]", 3, 51, "has no clause 'file.sparce'")]
    [TestCase("[ \"file.hard-link\" ]", "[ \"file.sparse\" ]", 4, 15, "stands here already")]
    [TestCase("\"maxBackupsPerDay\": null", "\"maxBackupsPerDay\": 0", 5, 16, "must be a whole number from 1")]
    [TestCase("\"maxBackupsPerDay\": null", "\"maxBackups\": 1", 5, 16, "'maxBackups' is not known here")]
    [TestCase("\"status\": \"documented\"", "\"status\": \"sure\"", 7, 50, "'sure' is not known")]
    [TestCase("\"document\": \"M22\", ", "", 7, 5, "has no 'document'")]
    [TestCase("\"document\": \"SEED\"", "\"document\": \"M22\"", 8, 29, "does not contradict itself")]
    [TestCase("\"clause\": \"file.encrypted\"", "\"clause\": \"file.encripted\"", 11, 81, "There is no clause 'file.encripted'")]
    [TestCase("\"protection\": \"incremental\"", "\"protection\": \"skipped\"", 11, 5, "'reason' belongs to a row that skips")]
    [TestCase("[\"encrypted\"]", "[\"encrypted\", \"encrypted\"]", 11, 51, "stands twice")]
    [TestCase("[\"encrypted\"]", "[\"secret\"]", 11, 38, "'secret' is not known")]
    [TestCase("\"quote\": \"Supported.\"", "\"quote\": \"\"", 7, 74, "'quote' must be a text")]
    public void Extending_WithOneThingWrong_IsToldWithItsPlace(string right, string wrong, int line, int column, string what)
    {
        var error = Assert.Throws<BackupException>(() => Read(Extending.Replace(right, wrong, StringComparison.Ordinal)))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.ProfileInvalid));
        Assert.That(error.Message, Does.StartWith($"mine.json({line},{column}): ").And.Contain(what));
    }

    [TestCase("""{ "id": "a", "id": "b" }""")]
    [TestCase("""{ "id": "a", }""")]
    [TestCase("[]")]
    [TestCase("")]
    public void NoProfileAtAll_IsToldWithItsPlace(string text)
    {
        var error = Assert.Throws<BackupException>(() => Read(text))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.ProfileInvalid));
        Assert.That(error.Message, Does.Match(@"^mine\.json\(\d+,\d+\): "));
    }

    [Test]
    public void SameRowTwice_IsContradictory()
    {
        var row = """{ "appliesTo": "entry", "when": ["encrypted"], "protection": "incremental", "clause": "file.encrypted" }""";
        var error = Assert.Throws<BackupException>(() => Read(Extending.Replace(row, row + ",\n" + row, StringComparison.Ordinal)))!;

        Assert.That(error.Message, Does.StartWith("mine.json(12,1): ").And.Contain("the first one counts"));
    }

    private static RuleProfile Read(string text) => ProfileReader.Read(
        new ProfileText("mine.json", Encoding.UTF8.GetBytes(text)), ProfileCatalog.Load, ProfileCatalog.Documents);
}
