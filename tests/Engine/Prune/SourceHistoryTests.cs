using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;
using Harness.Engine.State;
using Harness.Engine.Tables;
using Harness.Simulator.Kernel;
using Harness.Simulator.Scratch;
using Harness.Simulator.Vaults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Prune;

/// <summary>A walk over the history of a source gives the state of each recovery point, in little memory.</summary>
[Parallelizable]
public sealed class SourceHistoryTests
{
    private const int Runs = 40;
    private const long MemoryBytes = 1 << 20;

    [Test]
    public async Task Apply_EachCommitInTurn_GivesTheStateOfThatRecoveryPoint()
    {
        var rig = await ManyRunsAsync();
        var repository = await RepositoryOpener.OpenAsync(new MemoryVault(rig.Store), new Passphrase(rig.Passphrase), default);
        var (log, random) = (new CommitLog(repository), new SeededRandomSource(3));
        await using var scratch = new TemporaryScratch(new SimScratch(1L << 40), random, MemoryBytes);
        using var history = new SourceHistory(repository, scratch, repository.Keys, random);
        var state = new SortedDictionary<RecordKey, byte[]>();
        var checkpoints = 0;
        for (var point = 1; point <= Runs; point++)
        {
            var commit = await log.FindAsync(null, point, default);
            checkpoints += commit.Document.Checkpoint ? 1 : 0;
            await foreach (var change in history.ApplyAsync(commit, default))
            {
                Assert.That(change.Before?.Payload, Is.EqualTo(state.GetValueOrDefault(change.Key)), $"{point} {change.Key}");
                Assert.That(change.After?.Since ?? point, Is.EqualTo(point));
                state.Remove(change.Key);
                if (change.After is { } after)
                {
                    state.Add(change.Key, after.Payload);
                }
            }

            Assert.That(state, Is.EqualTo(await StateOfAsync(repository, commit)), $"recovery point {point}");
            Assert.That(scratch.MemoryBytes, Is.LessThanOrEqualTo(MemoryBytes));
        }

        Assert.That(checkpoints, Is.GreaterThan(1));
        var left = new List<RecordKey>();
        await foreach (var (key, _) in history.ClearAsync(default))
        {
            left.Add(key);
        }

        Assert.That(left, Is.EqualTo(state.Keys));
    }

    private static async Task<EngineRig> ManyRunsAsync()
    {
        var rig = new EngineRig();
        var random = new Random(4);
        for (var run = 0; run < Runs; run++)
        {
            for (var i = 0; i < 25; i++)
            {
                var name = $"f{random.Next(300)}";
                if (rig.Volume.Find(name) is null)
                {
                    rig.Volume.CreateFile(name, random.Next(9_000));
                }
                else if (random.Next(3) == 0)
                {
                    rig.Volume.Delete(name);
                }
                else
                {
                    rig.Volume.WriteGenerated(name, 0, 100, (ulong)random.Next());
                }
            }

            await rig.BackupAsync();
        }

        return rig;
    }

    private static async Task<SortedDictionary<RecordKey, byte[]>> StateOfAsync(Repository repository, Commit commit)
    {
        var random = new SeededRandomSource(5);
        await using var scratch = new TemporaryScratch(null, random);
        using var state = await new StateReader(repository, new CommitLog(repository), scratch, random).ReadAsync(commit, default);
        var records = new SortedDictionary<RecordKey, byte[]>();
        for (var cursor = state.Tables.Scan(default); await cursor.NextAsync(default);)
        {
            records.Add(StateKeys.Parse(cursor.Current.Key.Span), cursor.Current.Payload.ToArray());
        }

        return records;
    }
}
