using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Simulator.FileSystem;
using Harness.Simulator.Journal;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
public sealed class FileSystemFlavourTests
{
    private static readonly (string What, Action<SimVolume> Act)[] Operations =
    [
        ("named streams", volume => volume.CreateStream("f:s")),
        ("named streams", volume => volume.Write("f:s", 0, [1])),
        ("sparse files", volume => volume.SetSparse("f")),
        ("compression of files", volume => volume.SetCompression("f")),
        ("encryption of files", volume => volume.Encrypt("f")),
        ("hard links", volume => volume.CreateHardLink("g", "f")),
        ("reparse points", volume => volume.SetReparsePoint("f", 0x80000013, new byte[1])),
        ("access control", volume => volume.SetSecurity("f", EntrySecurity.FromPosix(0x1A4, 0, 0))),
        ("object ids", volume => volume.CreateOrGetObjectId("f")),
        ("extended attributes", volume => volume.SetExtendedAttributes("f", new ExtendedAttribute("A", new byte[1]))),
        ("short names", volume => volume.SetShortName("f", "A")),
        ("case-sensitive directories", volume => volume.SetCaseSensitive("")),
        ("integrity streams", volume => volume.SetIntegrity("f")),
        ("valid data length", volume => volume.SetValidData("f", 10)),
    ];

    private static IEnumerable<TestCaseData> Flavours()
    {
        yield return new TestCaseData(FileSystemKind.Ntfs, null, new[] { "integrity streams" });
        yield return new TestCaseData(FileSystemKind.Refs, null, new[]
        {
            "compression of files", "encryption of files", "object ids", "extended attributes", "short names",
            "case-sensitive directories",
        });
        yield return new TestCaseData(FileSystemKind.Fat, null, Operations.Select(one => one.What).Distinct().ToArray());
        yield return new TestCaseData(
            FileSystemKind.Fat, "exFAT", Operations.Select(one => one.What).Distinct().Except(["valid data length"]).ToArray());
        yield return new TestCaseData(FileSystemKind.Other, "ext4", new[]
        {
            "named streams", "object ids", "short names", "case-sensitive directories", "integrity streams", "valid data length",
        });
    }

    [TestCaseSource(nameof(Flavours))]
    public void Operation_ThatTheFileSystemHasNot_IsRefusedByItsName(FileSystemKind kind, string? name, string[] missing)
    {
        var settings = new VolumeSettings { FileSystem = kind, FileSystemName = name, MakesShortNames = kind == FileSystemKind.Ntfs };
        var shown = name ?? kind switch { FileSystemKind.Ntfs => "NTFS", FileSystemKind.Refs => "ReFS", _ => "FAT32" };
        foreach (var (what, act) in Operations)
        {
            var volume = new SimVolume(settings, new SimClock());
            volume.CreateFile("f", 10);
            if (!missing.Contains(what))
            {
                // Without streams "f:s" is a name that is not there.
                act(volume);
                continue;
            }

            var error = Assert.Throws<BackupException>(() => act(volume), what);
            Assert.That(error!.Code, Is.EqualTo(ErrorCode.VolumeOperationInvalid), what);
            Assert.That(
                error.Message,
                kind == FileSystemKind.Other && what == "named streams"
                    ? Does.Contain("named streams").Or.Contain("no such file")
                    : Does.Contain($"{shown} has no {what}"));
        }
    }

    [Test]
    public void Fat32_LimitsFilesAndVolumes()
    {
        var volume = new SimVolume(new VolumeSettings { FileSystem = FileSystemKind.Fat, ClusterBytes = 65536 }, new SimClock());

        volume.CreateFile("largest", uint.MaxValue);
        var error = Assert.Throws<BackupException>(() => volume.CreateFile("f", 1L << 32));

        Assert.That(error!.Message, Does.Contain("exceeds the 4294967295 bytes that FAT32 allows"));
        Assert.That(volume.Settings.EffectiveCapacityBytes, Is.EqualTo(1L << 41));
        var ex = new SimVolume(new VolumeSettings { FileSystem = FileSystemKind.Fat, FileSystemName = "exFAT" }, new SimClock());
        ex.CreateFile("f", 1L << 33);
    }

    [Test]
    public void FatTimes_AreAsCoarseAsOnDisk()
    {
        var clock = new SimClock();
        var volume = new SimVolume(new VolumeSettings { FileSystem = FileSystemKind.Fat }, clock);
        volume.CreateFile("f");
        var exact = new DateTimeOffset(2024, 5, 6, 7, 8, 9, 987, TimeSpan.Zero).AddTicks(6543);
        volume.SetTimes("f", new EntryTimes(Timestamp.From(exact), Timestamp.From(exact), null, Timestamp.From(exact)));

        var times = volume.Get("f").Times;

        Assert.That(times.Created!.Value.ToDateTimeOffset(), Is.EqualTo(new DateTimeOffset(2024, 5, 6, 7, 8, 9, 980, TimeSpan.Zero)));
        Assert.That(times.Written!.Value.ToDateTimeOffset(), Is.EqualTo(new DateTimeOffset(2024, 5, 6, 7, 8, 10, TimeSpan.Zero)));
        Assert.That(times.Accessed!.Value.ToDateTimeOffset(), Is.EqualTo(new DateTimeOffset(2024, 5, 6, 0, 0, 0, TimeSpan.Zero)));
        Assert.That(times.Changed, Is.Null);
        Assert.That(
            new SimFileSystem(volume).File.GetLastWriteTimeUtc(@"C:\f"), Is.EqualTo(new DateTime(2024, 5, 6, 7, 8, 10, DateTimeKind.Utc)));
    }

    [Test]
    public void Refs_HasIntegrityStreamsThatAreInherited()
    {
        var volume = new SimVolume(new VolumeSettings { FileSystem = FileSystemKind.Refs }, new SimClock());
        volume.CreateDirectory("d");
        volume.Journal.Create();
        volume.SetIntegrity("d");
        volume.CreateFile("d/f", 10);

        Assert.That(volume.Get("d/f").Attributes & FileAttributes.IntegrityStream, Is.EqualTo(FileAttributes.IntegrityStream));
        var records = volume.Journal.Read(new JournalQuery { JournalId = volume.Journal.Query().JournalId }).Records;
        Assert.That(records[0].Reason & UsnReason.IntegrityChange, Is.EqualTo(UsnReason.IntegrityChange));
        Assert.That(
            Assert.Throws<BackupException>(
                () => _ = new VolumeSettings { FileSystem = FileSystemKind.Refs, ClusterBytes = 8192 } is var settings
                    ? new SimVolume(settings, new SimClock())
                    : null)!.Message,
            Does.Contain("ReFS has no clusters of 8192 bytes"));
    }
}
