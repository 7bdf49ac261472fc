using Harness.Engine.Crypto;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.State;
using Harness.Simulator.Scratch;
using Harness.Simulator.Vaults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>What the head of a state names is on the disk before the head is.</summary>
public sealed class StateFlushTests
{
    private const int GarbageBytes = 3 << 20;

    [Test]
    public async Task Save_FingerprintsWereCopiedToANewFile_FlushesThatBeforeTheHead()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a", 90_000, seed: 1);
        await rig.BackupAsync();
        var repository = await RepositoryOpener.OpenAsync(new MemoryVault(rig.Store), new Passphrase(rig.Passphrase), CancellationToken.None);
        var commit = await new CommitLog(repository).FindAsync(null, null, CancellationToken.None);
        var scratch = new RecordingScratch(rig.Scratch);
        using var store = await StateStore.OpenAsync(scratch, repository, commit.SourceId, rig.Services.Random, CancellationToken.None);
        var old = store.Pages.FileName;
        await store.Pages.AppendAsync(new byte[GarbageBytes], CancellationToken.None);

        await store.SaveAsync(commit, CancellationToken.None);

        Assert.That(store.Pages.FileName, Is.Not.EqualTo(old), "fingerprints were copied");
        var flushed = scratch.Calls.IndexOf($"flush {store.Pages.FileName}");
        Assert.That(flushed, Is.Not.Negative);
        Assert.That(scratch.Calls.FindIndex(call => call.StartsWith("rename", StringComparison.Ordinal)), Is.GreaterThan(flushed));
    }

    private sealed class RecordingScratch(IScratch inner) : DelegatingScratch(inner)
    {
        public List<string> Calls { get; } = [];

        public override ValueTask FlushAsync(string name, CancellationToken cancellationToken)
        {
            Calls.Add($"flush {name}");
            return base.FlushAsync(name, cancellationToken);
        }

        public override ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken)
        {
            Calls.Add($"rename {from} {to}");
            return base.RenameAsync(from, to, cancellationToken);
        }
    }
}
