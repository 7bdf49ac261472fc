using Harness.Engine.Backup;
using Harness.Engine.Model;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>The report that is written by hand beside the one that the serializer writes.</summary>
public sealed class BackupDocumentWriterTests
{
    [Test]
    public async Task Write_OfAReportWithEverything_IsWhatTheSerializerWrites()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a.bin", 5000);
        rig.Volume.CreateHardLink("b.bin", "a.bin");
        var report = await rig.BackupAsync() with
        {
            Fallbacks = [new ReportNote("code", "a \"message\" <&> \u00e4 \ud83d\ude00", "clause"), new ReportNote("other", "", null)],
            Phases = [new PhaseTime("prepare", 0.1), new PhaseTime("commit", 1234.5678), new PhaseTime("release", 0)],
            Failed = [new FailedItem("p/\u4e2d\t", "locked", "in use\\", "file.ordinary")],
            FullOnly = ["x", "y/z"],
        };

        Assert.That(report.Skipped, Is.Not.Empty);
        AssertSame(BackupDocument.Of(report));
        AssertSame(BackupDocument.Of(report) with { RecoveryPoint = null, Consistency = ConsistencyLevel.FileSystem });
    }

    [Test]
    public async Task Write_OfADryRun_SaysWhatIsPlanned()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a.bin", 5000);

        AssertSame(BackupDocument.Of(await rig.BackupAsync(request => request with { DryRun = true })));
    }

    private static void AssertSame(BackupDocument document)
    {
        var (ours, theirs) = (new StringWriter(), new StringWriter());
        BackupDocumentWriter.Write(ours, document);
        DocumentContext.Write(theirs, document, context => context.BackupDocument);

        Assert.That(ours.ToString(), Is.EqualTo(theirs.ToString()));
    }
}
