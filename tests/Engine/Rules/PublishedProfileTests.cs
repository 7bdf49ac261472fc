using Harness.Engine.Model;
using Harness.Engine.Rules;
using NUnit.Framework;

namespace Harness.Tests.Engine.Rules;

/// <summary>What the seven profiles say, by hand from the documents.</summary>
[Parallelizable]
public sealed class PublishedProfileTests
{
    private const EntryTraits Both = EntryTraits.Encrypted | EntryTraits.Compressed;

    public static IReadOnlyList<string> Ids => ProfileCatalog.Ids;

    [Test]
    public void Profiles_AreTheSevenPublishedOnes() => Assert.That(
        ProfileCatalog.Ids,
        Is.EqualTo(new[] { "dpm-2010", "dpm-2015", "dpm-2020", "dpm-classic-2018", "mars-2016", "mars-2019", "mars-2026" }));

    [TestCaseSource(nameof(Ids))]
    public void Profile_HasEveryClauseOfTheDefault_SoThatAnyTwoCanBeCompared(string id) => Assert.That(
        ProfileCatalog.Load(id).Clauses.Select(c => c.Id),
        Is.EqualTo(ProfileCatalog.Load(ProfileCatalog.DefaultId).Clauses.Select(c => c.Id)));

    [TestCaseSource(nameof(Ids))]
    public void Clause_ThatIsNotDocumented_SaysWhy(string id) => Assert.That(
        ProfileCatalog.Load(id).Clauses.Where(c => c.Status == ClauseStatus.Open && c.Note is null).Select(c => c.Id), Is.Empty);

    [TestCase("dpm-classic-2018", EntryTraits.Encrypted, "full-only")]
    [TestCase("dpm-2015", EntryTraits.Encrypted, "full-only")]
    [TestCase("dpm-2020", EntryTraits.Encrypted, "full-only")]
    [TestCase("mars-2016", EntryTraits.Encrypted, "incremental")]
    [TestCase("mars-2019", EntryTraits.Encrypted, "incremental")]
    [TestCase("mars-2026", EntryTraits.Encrypted, "incremental")]
    [TestCase("dpm-classic-2018", Both, "encrypted-and-compressed")]
    [TestCase("dpm-2010", Both, "full-only")]
    [TestCase("mars-2016", Both, "encrypted-and-compressed")]
    [TestCase("mars-2019", Both, "incremental")]
    [TestCase("mars-2026", Both, "incremental")]
    [TestCase("dpm-classic-2018", EntryTraits.Deduplicated | EntryTraits.ReparsePoint, "reparse-point")]
    [TestCase("dpm-2020", EntryTraits.Deduplicated | EntryTraits.ReparsePoint, "reparse-point")]
    [TestCase("mars-2016", EntryTraits.Deduplicated | EntryTraits.ReparsePoint, "incremental")]
    [TestCase("mars-2026", EntryTraits.Deduplicated | EntryTraits.ReparsePoint, "incremental")]
    [TestCase("mars-2026", EntryTraits.ReparsePoint, "reparse-point")]
    [TestCase("mars-2026", EntryTraits.Encrypted | EntryTraits.Sparse, "encrypted-and-sparse")]
    public void FileTypes_DifferAsTheDocumentsDo(string id, EntryTraits traits, string expected)
    {
        var verdict = Classifier.Classify(ProfileCatalog.Load(id), traits);

        Assert.That(
            verdict.Reason ?? (verdict.Protection == Protection.FullOnly ? "full-only" : "incremental"), Is.EqualTo(expected));
    }

    [TestCase("dpm-classic-2018", 1000, 0, 1500, 0, 2, 9999, 48)]
    [TestCase("dpm-2015", 0, 2_684_354_560, 0, 16_106_127_360, 2, 366, 48)]
    [TestCase("dpm-2020", 500, 0, 0, 0, 2, 9999, 48)]
    [TestCase("dpm-2010", 0, 0, 0, 0, null, null, null)]
    [TestCase("mars-2016", 500, 0, 0, 0, 3, null, 48)]
    [TestCase("mars-2019", 500, 0, 1000, 0, 3, 9999, 240)]
    [TestCase("mars-2026", 500, 0, 1000, 0, 3, 9999, 240)]
    public void Limits_DifferAsTheDocumentsDo(
        string id, int minimum, long minimumBytes, int recommended, long recommendedBytes, int? perDay, int? points, int? hours)
    {
        var options = ProfileCatalog.Load(id).Options;

        Assert.That(
            (options.ScratchMinimumBasisPoints, options.ScratchMinimumBytes, options.ScratchRecommendedBasisPoints, options.ScratchRecommendedBytes),
            Is.EqualTo((minimum, minimumBytes, recommended, recommendedBytes)));
        Assert.That((options.MaxBackupsPerDay, options.MaxRecoveryPoints, options.CredentialsHours), Is.EqualTo((perDay, points, hours)));
    }

    [TestCase("dpm-classic-2018", ProtectedSystem.WindowsServer2012, 58_411_555_225_600)]
    [TestCase("dpm-classic-2018", ProtectedSystem.WindowsServer2008R2, 1_825_361_100_800)]
    [TestCase("mars-2026", ProtectedSystem.Windows7, 1_825_361_100_800)]
    [TestCase("mars-2026", ProtectedSystem.Windows8, 58_411_555_225_600)]
    [TestCase("dpm-2015", ProtectedSystem.WindowsServer2012, 1_814_194_185_830)]
    [TestCase("dpm-2015", ProtectedSystem.Windows7, 1_814_194_185_830)]
    [TestCase("dpm-2010", ProtectedSystem.WindowsServer2012, null)]
    public void SourceSize_DependsOnTheSystem(string id, ProtectedSystem system, long? bytes) =>
        Assert.That(ProfileCatalog.Load(id).Options.LimitOf(system, Workload.Volume)?.MaxBytes, Is.EqualTo(bytes));
}
