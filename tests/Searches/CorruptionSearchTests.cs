using Harness.Scenarios.Searches;
using NUnit.Framework;

namespace Harness.Tests.Searches;

/// <summary>
/// The corruption search of FAULT_MODEL.md: one case in many of each kind, or each of them with HARNESS_E2E_FULL=1.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class CorruptionSearchTests
{
    private const int Sampled = 25;
    private const int MostShown = 20;

    private static bool IsFull => Environment.GetEnvironmentVariable("HARNESS_E2E_FULL") == "1";

    [Test]
    public async Task Vault_EveryDamageOfEveryBlob_IsNoticedAndHurtsNothingElse([Values] CorruptionKind kind)
    {
        var world = await CorruptionWorld.MakeAsync();
        await RunAsync(CorruptionCase.Of(world.VaultStates).Where(done => done.Kind == kind).ToList(), done => CorruptionSearch.TryVaultAsync(world, done));
    }

    [Test]
    public async Task Scratch_EveryDamageOfEveryFile_CostsTimeOnly([Values] CorruptionKind kind)
    {
        var world = await CorruptionWorld.MakeAsync();
        await RunAsync(CorruptionCase.Of(world.ScratchStates).Where(done => done.Kind == kind).ToList(), done => CorruptionSearch.TryScratchAsync(world, done));
    }

    [Test]
    public async Task World_AsItIs_IsWellAndHasEveryKindOfBlob()
    {
        var world = await CorruptionWorld.MakeAsync();

        var problems = await CorruptionSearch.TryScratchAsync(world, new CorruptionCase(CorruptionKind.Cut, "no-such-file-was-cut", 0) with { Kind = CorruptionKind.Removed });

        Assert.That(problems, Is.Empty);
        Assert.That(world.Points, Is.EqualTo(new long[] { 2, 4 }));
        Assert.That(
            world.Vault.Keys.Select(name => name.Split('/')[0]).Distinct(),
            Is.EquivalentTo(new[] { "repo", "keys", "packs", "index", "manifests", "commits", "deleted", "gc" }));
    }

    /// <summary>All, or some from all over them.</summary>
    private static async Task RunAsync(IReadOnlyList<CorruptionCase> all, Func<CorruptionCase, Task<IReadOnlyList<string>>> attempt)
    {
        var stride = IsFull ? 1 : Math.Max(1, all.Count / Sampled);
        var problems = new List<string>();
        var tried = 0;
        for (var i = stride / 2; i < all.Count; i += stride, tried++)
        {
            problems.AddRange(await attempt(all[i]));
        }

        TestContext.Out.WriteLine($"{tried} of {all.Count} cases");
        Assert.That(tried, Is.Positive);
        Assert.That(problems, Is.Empty, string.Join('\n', problems.Take(MostShown)));
    }
}
