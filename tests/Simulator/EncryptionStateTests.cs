using Harness.Engine.Errors;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
public sealed class EncryptionStateTests
{
    private SimVolume _volume = null!;

    [SetUp]
    public void MakeVolume() => _volume = new SimVolume(new VolumeSettings(), new SimClock());

    [Test]
    public void NamedStream_OfAnEncryptedDirectory_HasAKey()
    {
        _volume.CreateDirectory("d");
        _volume.Encrypt("d");
        Assert.That(_volume.Get("d").EfsInfo.Length, Is.Zero, "marking a directory encrypts nothing");

        _volume.CreateStream("d:made", 1000);
        _volume.Write("d:written", 0, [1, 2, 3]);

        var entry = _volume.Get("d");
        Assert.That(entry.Streams.Select(stream => stream.Flags), Is.All.EqualTo(StreamFlags.Encrypted));
        Assert.That(EfsCipher.KeyOf(entry.EfsInfo.Span), Is.Not.Null);
    }

    [Test]
    public void ForceState_WithoutEncryption_LeavesNoKey()
    {
        _volume.CreateFile("f", 1000);
        _volume.Encrypt("f");

        _volume.ForceState("f", StreamFlags.None);

        Assert.That(_volume.Get("f").EfsInfo.Length, Is.Zero);
    }

    [Test]
    public void ForceState_WhileAnotherStreamIsEncrypted_KeepsTheKey()
    {
        _volume.CreateFile("f", 1000);
        _volume.CreateStream("f:s", 10);
        _volume.Encrypt("f");
        var key = _volume.Get("f").EfsInfo.ToArray();

        _volume.ForceState("f", StreamFlags.None);
        Assert.That(_volume.Get("f").EfsInfo.ToArray(), Is.EqualTo(key));

        _volume.Delete("f:s");
        Assert.That(_volume.Get("f").EfsInfo.Length, Is.Zero);
    }

    [Test]
    public void Encrypt_OfTheRoot_IsRefused()
    {
        var error = Assert.Throws<BackupException>(() => _volume.Encrypt(""));

        Assert.That(error!.Message, Does.Contain("root"));
    }
}
