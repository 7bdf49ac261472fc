using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Simulator.FileSystem;
using Harness.Simulator.Kernel;
using Harness.Simulator.Recipes;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
public sealed class QuotaTests
{
    private const int KiB = 1024;
    private const string Other = "S-1-5-21-1-2-3-1005";

    private SimVolume _volume = null!;

    [SetUp]
    public void MakeVolume() => _volume = new SimVolume(
        new VolumeSettings
        {
            CapacityBytes = 16 << 20,
            Quota = new QuotaSettings { Default = new QuotaLimits(1 << 20, 512 * KiB) },
        },
        new SimClock());

    // The figures of KB 320686.
    [TestCase(StreamFlags.None, 159_744)]
    [TestCase(StreamFlags.Compressed, 196_608)]
    [TestCase(StreamFlags.Sparse, 196_608)]
    public void Charge_IsTheSpaceWithoutCompressionAndHoles(StreamFlags flags, long expected)
    {
        _volume.CreateFile("f", 158_208);
        _volume.ForceState("f", flags);
        if (flags == StreamFlags.Sparse)
        {
            _volume.ZeroRange("f", 0, 158_208);
        }

        Assert.That(Used(_volume.Settings.UserSid), Is.EqualTo(expected));
        _volume.Delete("f");
        Assert.That(Used(_volume.Settings.UserSid), Is.Zero);
    }

    [Test]
    public void Limit_RefusesWithAnErrorOfItsOwn()
    {
        _volume.CreateFile("f", 1000 * KiB);

        var error = Assert.Throws<BackupException>(() => _volume.AppendGenerated("f", 100 * KiB, 1));
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.VolumeQuotaExceeded));
        Assert.That(Assert.Throws<BackupException>(() => _volume.CreateFile("g", 100 * KiB))!.Code,
            Is.EqualTo(ErrorCode.VolumeQuotaExceeded));
        Assert.That(Assert.Throws<BackupException>(() => _volume.CreateStream("f:s", 100 * KiB))!.Code,
            Is.EqualTo(ErrorCode.VolumeQuotaExceeded));
        Assert.That(_volume.Quotas.Entries.Single().IsOverThreshold, Is.True);
        Assert.That((_volume.Find("g"), _volume.UsedBytes), Is.EqualTo(((VolumeEntry?)null, 1000L * KiB)));

        var windows = new SimFileSystem(_volume);
        var refused = Assert.Throws<IOException>(() => windows.File.WriteAllBytes(@"C:\w", new byte[100 * KiB]));
        Assert.That(refused!.HResult, Is.EqualTo(unchecked((int)0x8007050F)));
        var drive = windows.DriveInfo.FromDriveName("C");
        Assert.That(drive.AvailableFreeSpace, Is.EqualTo(24 * KiB));
        Assert.That(drive.TotalFreeSpace, Is.EqualTo((16 << 20) - (1000 * KiB)));
    }

    [Test]
    public void Owner_IsThatOfTheDescriptorAndMayChange()
    {
        _volume.CreateFile("f", 400 * KiB);
        _volume.SetSecurity("f", Descriptor(Other));
        _volume.CreateFile("g", 400 * KiB);

        Assert.That(_volume.Quotas.Entries.Select(entry => (entry.OwnerSid, entry.UsedBytes)), Is.EquivalentTo(new[]
        {
            (Other, 400L * KiB), (_volume.Settings.UserSid, 400L * KiB),
        }));
        _volume.Quotas.SetLimits(Other, new QuotaLimits(500 * KiB));
        Assert.That(Assert.Throws<BackupException>(() => _volume.SetSecurity("g", Descriptor(Other)))!.Code,
            Is.EqualTo(ErrorCode.VolumeQuotaExceeded));
        _volume.SetSecurity("g", Descriptor("S-1-5-32-544"));
        _volume.SetEndOfFile("g", 8 << 20);
        Assert.That(Used("S-1-5-32-544"), Is.EqualTo(8 << 20), "administrators are charged and not limited");
    }

    [Test]
    public void Activation_CountsWhatIsThere()
    {
        var volume = new SimVolume(new VolumeSettings { CapacityBytes = 16 << 20 }, new SimClock());
        volume.CreateFile("f", 400 * KiB);
        volume.CreateStream("f:s", 100 * KiB);
        Assert.That(volume.Quotas.Entries, Is.Empty);

        volume.Quotas.SetLimits(null, new QuotaLimits(100 * KiB));
        volume.Quotas.Activate(isEnforced: false);
        volume.CreateFile("g", 100 * KiB);

        Assert.That(volume.Quotas.Entries.Single().UsedBytes, Is.EqualTo(600 * KiB));
        Assert.That(volume.Quotas.Entries.Single().IsOverLimit, Is.True);
    }

    [Test]
    public void ManyOperations_LeaveTheSumOfAllFiles()
    {
        var random = new Harness.Simulator.Content.SeededSequence(5);
        for (var i = 0; i < 2000; i++)
        {
            var path = $"f{random.Below(20)}";
            try
            {
                switch (random.Below(7))
                {
                    case 0:
                        _volume.CreateFile(path, random.Below(100_000));
                        break;
                    case 1:
                        _volume.Delete(path);
                        break;
                    case 2:
                        _volume.SetEndOfFile(path, random.Below(200_000));
                        break;
                    case 3:
                        _volume.Write($"{path}:s", random.Below(50_000), new byte[100]);
                        break;
                    case 4:
                        _volume.SetSparse(path, random.Below(2) == 0);
                        break;
                    case 5:
                        _volume.SetSecurity(path, Descriptor(random.Below(2) == 0 ? Other : "S-1-5-32-544"));
                        break;
                    default:
                        _volume.SetAllocationSize(path, random.Below(300_000));
                        break;
                }
            }
            catch (BackupException error) when (error.Code is ErrorCode.VolumeOperationInvalid or ErrorCode.VolumeQuotaExceeded)
            {
                // What was refused changed nothing, which the sum shows.
            }
        }

        var counted = _volume.Quotas.Entries.Where(entry => entry.UsedBytes != 0).ToArray();
        _volume.Quotas.Deactivate();
        _volume.Quotas.Activate(isEnforced: true);
        Assert.That(counted, Is.Not.Empty);
        Assert.That(_volume.Quotas.Entries.Where(entry => entry.UsedBytes != 0), Is.EqualTo(counted));
    }

    [Test]
    public void Recipe_SetsQuotasAndThePictureListsThem()
    {
        var recipe = RecipeLoader.Parse($$"""
            volume: { quota: { limit: 1MiB, owners: [ { sid: {{Other}}, limit: 10KiB } ] } }
            entries: [ { path: a, size: 100KiB } ]
            """);
        var volume = RecipeBuilder.Build(recipe, new SimClock());

        Assert.That(VolumePicture.Of(volume).ToLines(), Does.Contain($"{Other}  0 B of 10 KiB"));
        var error = Assert.Throws<BackupException>(() => RecipeBuilder.Build(
            RecipeLoader.Parse("volume: { quota: { limit: 10KiB } }\nentries: [ { path: a, size: 100KiB } ]"), new SimClock()));
        Assert.That(error!.Message, Does.Contain("entries[0]").And.Contain("quota"));
        Assert.That(
            Assert.Throws<BackupException>(() => RecipeLoader.Parse("volume: { fileSystem: refs, quota: { limit: 1MiB } }"))!.Message,
            Does.Contain("volume.quota").And.Contain("ReFS has no quotas"));
    }

    private long Used(string sid) => _volume.Quotas.Of(sid).UsedBytes;

    private static EntrySecurity Descriptor(string owner)
    {
        var parts = owner.Split('-').Skip(3).Select(uint.Parse).ToArray();
        byte[] sid = [1, (byte)parts.Length, 0, 0, 0, 0, 0, 5, .. parts.SelectMany(BitConverter.GetBytes)];
        byte[] header = [1, 0, 0, 0x80, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        return new EntrySecurity(SecurityKind.Windows, (byte[])[.. header, .. sid]);
    }
}
