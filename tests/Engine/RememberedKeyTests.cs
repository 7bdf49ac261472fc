using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>The scratch location remembers by what key the vault was opened, so that deriving it need not wait for the vault.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RememberedKeyTests
{
    private const string FileName = "vault-key";

    [Test]
    public async Task Backup_OfAKnownVault_DerivesBeforeItAsksTheVaultAndOnce()
    {
        var derivations = new Derivations();
        var rig = new EngineRig(work: derivations);
        await rig.BackupAsync();
        rig.WrapVault = vault =>
        {
            var counted = new CountingVault(vault);
            derivations.Requests = () => counted.Requests;
            return counted;
        };

        await rig.BackupAsync();

        Assert.That(derivations.At, Is.EqualTo(new[] { 0L }));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_OfAVaultThatTheScratchLocationDoesNotKnow_RemembersItsKey()
    {
        var (rig, other) = (new EngineRig(seed: 1), new EngineRig(seed: 2));
        await rig.BackupAsync();
        await other.BackupAsync();
        var right = await ReadAsync(rig.Scratch);
        await ReplaceAsync(rig.Scratch, await ReadAsync(other.Scratch));

        await rig.BackupAsync();

        Assert.That(await ReadAsync(rig.Scratch), Is.EqualTo(right));
        await rig.AssertAllWellAsync();
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("{\"version\":1}")]
    public async Task Backup_WithADamagedMemory_GoesByTheVaultAndMendsIt(string memory)
    {
        var rig = new EngineRig();
        await rig.BackupAsync();
        var right = await ReadAsync(rig.Scratch);
        await ReplaceAsync(rig.Scratch, System.Text.Encoding.ASCII.GetBytes(memory));

        await rig.BackupAsync();

        Assert.That(await ReadAsync(rig.Scratch), Is.EqualTo(right));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_WithAnotherPassphrase_IsRefusedHoweverWellTheKeyIsRemembered()
    {
        var rig = new EngineRig();
        await rig.BackupAsync();
        rig.Passphrase = "another passphrase of the tests";

        var error = await Assert.ThrowsAsync<BackupException>(() => rig.BackupAsync());

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.PassphraseWrong));
    }

    private static async Task<byte[]> ReadAsync(IScratch scratch)
    {
        var bytes = new byte[(await scratch.GetLengthAsync(FileName, default))!.Value];
        await scratch.ReadAsync(FileName, 0, bytes, default);
        return bytes;
    }

    private static async Task ReplaceAsync(IScratch scratch, byte[] bytes)
    {
        await scratch.DeleteAsync(FileName, default);
        await scratch.AppendAsync(FileName, bytes, default);
        await scratch.FlushAsync(FileName, default);
    }

    /// <summary>Notes how many requests the vault had had when a key was derived.</summary>
    private sealed class Derivations : IWorkPool
    {
        public List<long> At { get; } = [];

        public Func<long>? Requests { get; set; }

        public int Width => 1;

        public ValueTask<TResult> RunAsync<TState, TResult>(Func<TState, TResult> work, TState state)
        {
            if (Requests is not null && typeof(TResult) == typeof(byte[]))
            {
                At.Add(Requests());
            }

            return ValueTask.FromResult(work(state));
        }
    }
}
