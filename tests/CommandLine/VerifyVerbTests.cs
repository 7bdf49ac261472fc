using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary><c>harness verify</c> and the partial restore, by the real program on a real directory.</summary>
public sealed class VerifyVerbTests
{
    [Test]
    public async Task Verify_BeforeAndAfterAnEdit_SaysZeroAndThenThree()
    {
        using var area = new WorkArea();
        area.Write("folder/a.txt", "first"u8);
        area.Write("b.bin", new byte[3_000_000]);
        (await area.BackupAsync()).Expect(0);
        string[] args = ["verify", "--vault", area.Vault, "--source", area.Source, "--passphrase-file", area.PassphraseFile];

        (await area.RunAsync(args)).Expect(0);
        area.Write("folder/a.txt", "other"u8);
        var json = (await area.RunAsync([.. args, "--json"])).Expect(3).Json;

        Assert.That(json.GetProperty("ok").GetBoolean(), Is.False);
        Assert.That(
            json.GetProperty("differences").EnumerateArray()
                .Select(d => $"{d.GetProperty("path").GetString()} {d.GetProperty("aspect").GetString()}"),
            Is.EquivalentTo(new[] { "folder/a.txt content", "folder/a.txt written-time" }));
    }

    [Test]
    public async Task Restore_OverwritingWithPaths_ReusesWhatIsThereAndVerifiesEqual()
    {
        using var area = new WorkArea();
        var content = new byte[3_000_000];
        new Random(4).NextBytes(content);
        area.Write("a.bin", content);
        area.Write("b.txt", "b"u8);
        area.Write("c.txt", "c"u8);
        (await area.BackupAsync()).Expect(0);
        var target = await area.RestoreAsync(1);
        content[5] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(target, "a.bin"), content);

        var json = (await area.RunAsync(
            "restore", "--vault", area.Vault, "--target", target, "--on-collision", "overwrite", "--path", "a.bin", "--path", "b.txt",
            "--passphrase-file", area.PassphraseFile, "--json")).Expect(0).Json;

        Assert.That(json.GetProperty("files").GetInt64(), Is.EqualTo(2));
        Assert.That(json.GetProperty("unchangedFiles").GetInt64(), Is.EqualTo(1));
        Assert.That(json.GetProperty("reusedBytes").GetInt64(), Is.EqualTo(3_000_000 - (1 << 20)));
        (await area.RunAsync(
            "verify", "--vault", area.Vault, "--source", target, "--passphrase-file", area.PassphraseFile)).Expect(0);
    }
}
