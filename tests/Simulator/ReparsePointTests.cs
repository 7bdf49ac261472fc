using Harness.Engine.Errors;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
public sealed class ReparsePointTests
{
    private const uint ThirdParty = 0x0000_0042;
    private static readonly Guid Owner = Guid.Parse("9f1c2a5e-0000-4000-8000-000000000001");

    private SimVolume _volume = null!;

    [SetUp]
    public void MakeVolume()
    {
        _volume = new SimVolume(new VolumeSettings(), new SimClock());
        _volume.CreateFile("f");
        _volume.CreateDirectory("d");
    }

    [TestCase(0x80000013u, 16376, true)]
    [TestCase(0x80000013u, 16377, false)]
    [TestCase(ThirdParty, 16360, true)]
    [TestCase(ThirdParty, 16361, false)]
    public void Data_MayFillTheBufferWithItsHeader(uint tag, int bytes, bool isFine)
    {
        void Set() => _volume.SetReparsePoint("f", tag, new byte[bytes], ReparseTags.IsMicrosoft(tag) ? default : Owner);

        if (isFine)
        {
            Set();
            Assert.That(_volume.Get("f").ReparseData.Length, Is.EqualTo(bytes));
        }
        else
        {
            Refused(Set, "at most");
        }
    }

    [Test]
    public void ThirdPartyTag_NeedsItsGuidAndKeepsIt()
    {
        Refused(() => _volume.SetReparsePoint("f", ThirdParty, new byte[3]), "needs the GUID");
        Refused(() => _volume.SetReparsePoint("f", 0x80000013, new byte[3], Owner), "has no GUID");
        var before = _volume.TakeSnapshot();
        _volume.SetReparsePoint("f", ThirdParty, new byte[3], Owner);

        Refused(() => _volume.SetReparsePoint("f", ThirdParty, new byte[4], Guid.NewGuid()), "another GUID");
        Refused(() => _volume.DeleteReparsePoint("f", ThirdParty, Guid.Empty), "GUID is another");
        Refused(() => _volume.DeleteReparsePoint("f", ReparseTags.SymbolicLink), "MISMATCH");
        Assert.That(_volume.Get("f").ReparseGuid, Is.EqualTo(Owner));
        Assert.That(
            before.DiffTo(_volume).Changes.Single().Aspects & VolumeChangeAspects.Reparse,
            Is.EqualTo(VolumeChangeAspects.Reparse));

        _volume.DeleteReparsePoint("f", ThirdParty, Owner);
        Assert.That(_volume.Get("f").ReparseGuid, Is.Null);
    }

    [TestCase(0u, "reserved")]
    [TestCase(1u, "reserved")]
    [TestCase(0x80010013u, "bits 16 to 27")]
    public void Tags_ThatAreNone_AreRefused(uint tag, string rule)
    {
        Refused(() => _volume.SetReparsePoint("f", tag, new byte[3]), rule);
    }

    [Test]
    public void LinkData_ThatIsMalformed_IsRefused()
    {
        var mount = ReparseTags.DataFor(ReparseTags.MountPoint, @"\??\C:\x");
        var link = ReparseTags.DataFor(ReparseTags.SymbolicLink, "x");

        Refused(() => _volume.SetReparsePoint("d", ReparseTags.MountPoint, mount.AsMemory(0, 7)), "malformed");
        Refused(() => _volume.SetReparsePoint("d", ReparseTags.MountPoint, mount.AsMemory(0, mount.Length - 2)), "malformed");
        Refused(() => _volume.SetReparsePoint("f", ReparseTags.SymbolicLink, link.AsMemory(0, 11)), "malformed");
        Refused(() => _volume.SetReparsePoint("f", ReparseTags.SymbolicLink, link.AsMemory(0, link.Length - 1)), "out of bounds");
        Refused(() => _volume.SetReparsePoint("f", ReparseTags.UnixSocket, new byte[1]), "no data");
        _volume.SetReparsePoint("d", ReparseTags.MountPoint, mount);
        _volume.ForceReparsePoint("f", ReparseTags.SymbolicLink, new byte[3]);

        Assert.That(_volume.Get("f").ReparseData.Length, Is.EqualTo(3));
    }

    [Test]
    public void DataFor_LinuxForms_AreThoseOfWindows()
    {
        Assert.That(ReparseTags.DataFor(ReparseTags.LxSymbolicLink, "é"), Is.EqualTo(new byte[] { 2, 0, 0, 0, 0xC3, 0xA9 }));
        Assert.That(
            ReparseTags.DataFor(ReparseTags.Nfs, "x"),
            Is.EqualTo(new byte[] { 0x4C, 0x4E, 0x4B, 0x01, 0, 0, 0, 0, (byte)'x', 0 }));
        Assert.That(ReparseTags.DataFor(ReparseTags.UnixSocket, "x"), Is.Empty);
        Assert.That(ReparseTags.IsNameSurrogate(ReparseTags.MountPoint), Is.True);
        Assert.That(ReparseTags.IsNameSurrogate(0x80000013), Is.False);
    }

    [Test]
    public void ExtendedAttributesAndReparsePoint_ExcludeEachOther()
    {
        var attribute = new ExtendedAttribute("A", new byte[1]);
        _volume.SetExtendedAttributes("f", attribute);
        Refused(() => _volume.SetReparsePoint("f", 0x80000013, new byte[3]), "EAS_NOT_SUPPORTED");
        _volume.SetReparsePoint("d", 0x80000013, new byte[3]);
        Refused(() => _volume.SetExtendedAttributes("d", attribute), "EAS_NOT_SUPPORTED");

        _volume.ForceExtendedAttributes("d", attribute);

        Assert.That(_volume.Get("d").ExtendedAttributes, Has.Count.EqualTo(1));
    }

    [Test]
    public void SymbolicLink_WithoutThePrivilege_IsRefused()
    {
        var volume = new SimVolume(new VolumeSettings { HasSymbolicLinkPrivilege = false }, new SimClock());
        volume.CreateFile("f");

        Refused(
            () => volume.SetReparsePoint("f", ReparseTags.SymbolicLink, ReparseTags.DataFor(ReparseTags.SymbolicLink, "x")),
            "PRIVILEGE");
    }

    private static void Refused(Action action, string rule)
    {
        var error = Assert.Throws<BackupException>(() => action());
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.VolumeOperationInvalid));
        Assert.That(error.Message, Does.Contain(rule));
    }
}
