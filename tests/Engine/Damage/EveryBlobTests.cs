using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Damage;

/// <summary>
/// Every blob of a vault that has every kind: each byte flipped, each shorter length, each other blob in its place, none at
/// all. It is noticed, the blob is named, no wrong byte is given back, and what does not need the blob is restored.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class EveryBlobTests
{
    private static readonly string[] Damages = ["VaultBlobDamaged", "VaultBlobMissing", "VaultFormatUnsupported"];

    [TestCaseSource(typeof(EveryKind), nameof(EveryKind.Kinds))]
    public async Task Check_EachByteFlipped_NamesTheBlob(string kind)
    {
        var rig = await EveryKind.MakeAsync();
        var name = rig.Store.Snapshot().Where(blob => EveryKind.KindOf(blob.Key) == kind).MinBy(blob => blob.Value.Length).Key;
        var clean = rig.Store.Snapshot();
        for (var i = 0; i < clean[name].Length; i++)
        {
            rig.Store.Corrupt(name, bytes => [.. bytes.Select((b, at) => at == i ? (byte)(b ^ (1 << (i % 8))) : b)]);
            await AssertNamedAsync(rig, name, $"byte {i}");
            rig.Store.Restore(clean);
        }
    }

    [TestCaseSource(typeof(EveryKind), nameof(EveryKind.Kinds))]
    public async Task Check_EachShorterLength_NamesTheBlob(string kind)
    {
        var rig = await EveryKind.MakeAsync();
        var name = rig.Store.Snapshot().Where(blob => EveryKind.KindOf(blob.Key) == kind).MinBy(blob => blob.Value.Length).Key;
        var clean = rig.Store.Snapshot();
        for (var length = 0; length < clean[name].Length; length += Math.Max(1, clean[name].Length / 500))
        {
            rig.Store.Corrupt(name, bytes => bytes[..length]);
            await AssertNamedAsync(rig, name, $"cut to {length}");
            rig.Store.Restore(clean);
        }

        rig.Store.Corrupt(name, bytes => [.. bytes, 0]);
        await AssertNamedAsync(rig, name, "one byte more");
    }

    [TestCaseSource(typeof(EveryKind), nameof(EveryKind.Kinds))]
    public async Task Check_EachOtherBlobInItsPlace_NamesTheBlob(string kind)
    {
        var rig = await EveryKind.MakeAsync();
        var clean = rig.Store.Snapshot();
        foreach (var name in rig.Store.Names(kind))
        {
            foreach (var (other, bytes) in clean.Where(blob => blob.Key != name))
            {
                rig.Store.Corrupt(name, _ => bytes);
                await AssertNamedAsync(rig, name, $"replaced by {other}");
                rig.Store.Restore(clean);
            }
        }
    }

    [Test]
    public async Task Restore_EachBlobDamagedOrGone_GivesBackAllThatDoesNotNeedIt([Values("flipped", "empty", "gone", "swapped")] string damage)
    {
        var rig = await EveryKind.MakeAsync();
        var clean = rig.Store.Snapshot();
        var whole = 0;
        foreach (var (name, content) in clean)
        {
            switch (damage)
            {
                case "gone":
                    rig.Store.Remove(name);
                    break;
                case "swapped":
                    var twin = clean.FirstOrDefault(blob => blob.Key != name && EveryKind.KindOf(blob.Key) == EveryKind.KindOf(name));
                    rig.Store.Corrupt(name, _ => twin.Value ?? []);
                    break;
                default:
                    rig.Store.Corrupt(name, bytes => damage == "empty" ? [] : [.. bytes.Select(b => (byte)(b ^ 0x10))]);
                    break;
            }

            var suffering = await SufferingAsync(rig);
            foreach (var point in EveryKind.Kept)
            {
                var context = $"{name} {damage}";
                var said = await EveryKind.RestoreAsync(rig, point, context);
                whole += said is null ? 1 : 0;
                switch (EveryKind.KindOf(name))
                {
                    case "repo" or "keys/":
                        Assert.That(said, Is.Not.Null, context);
                        break;
                    case "index/" or "deleted/" or "gc/" or "sessions/":
                        // Packs tell what an index told, and the others are about removals only.
                        Assert.That(said, Is.Null, context);
                        break;
                    case "commits/" when damage == "gone" && point == EveryKind.Kept[^1]:
                        // The newest without its commit was never made: nothing in the vault says otherwise.
                        break;
                    default:
                        Assert.That(said is not null, Is.EqualTo(suffering?.Contains($"data#{point}") ?? true), $"{context}, {point}: {said}");
                        break;
                }
            }

            rig.Store.Restore(clean);
        }

        Assert.That(whole, Is.GreaterThan(clean.Count));
    }

    private static async Task<IReadOnlySet<string>?> SufferingAsync(EngineRig rig)
    {
        try
        {
            return (await rig.CheckAsync()).Findings.SelectMany(finding => finding.RecoveryPoints).ToHashSet();
        }
        catch (Harness.Engine.Errors.BackupException)
        {
            return null;
        }
    }

    private static async Task AssertNamedAsync(EngineRig rig, string blob, string what)
    {
        var said = await EveryKind.CheckAsync(rig);
        var isNamed = said.Contains(blob, StringComparison.Ordinal) && Damages.Any(code => said.Contains(code, StringComparison.Ordinal));
        Assert.That(isNamed, Is.True, $"{blob}, {what}: {said}");
    }
}
