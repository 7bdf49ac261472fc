using System.Security.Cryptography;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Vaults;

/// <summary>What every <see cref="IVault"/> keeps. An implementation adds itself by one small subclass.</summary>
public abstract class VaultContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    protected IVault Vault { get; private set; } = null!;

    /// <summary>A new, empty vault.</summary>
    protected abstract Task<IVault> NewVaultAsync();

    /// <summary>Another object on the vault that <see cref="NewVaultAsync"/> gave last.</summary>
    protected abstract Task<IVault> ReopenAsync();

    [SetUp]
    public async Task OpenVaultAsync() => Vault = await NewVaultAsync();

    [TearDown]
    public async Task CloseVaultAsync() => await Vault.DisposeAsync();

    [Test]
    public async Task Create_NewName_StoresContent()
    {
        bool created = await Vault.CreateAsync("packs/ab/cd", Content(1000), None);

        Assert.That(created, Is.True);
        Assert.That(await Vault.ReadAsync("packs/ab/cd", 1000, None), Is.EqualTo(Content(1000)));
    }

    [Test]
    public async Task Create_TakenName_ReturnsFalseAndKeepsFirst()
    {
        await Vault.CreateAsync("repo", Content(10), None);

        bool created = await Vault.CreateAsync("repo", Content(20), None);

        Assert.That(created, Is.False);
        Assert.That(await Vault.ReadAsync("repo", 100, None), Is.EqualTo(Content(10)));
    }

    [Test]
    public async Task Create_SixteenAtOnce_ExactlyOneWins()
    {
        byte[][] contents = [.. Enumerable.Range(0, 16).Select(i => Content(100 + i))];

        bool[] created = await Task.WhenAll(contents.Select(
            content => Task.Run(() => Vault.CreateAsync("commits/a/1", content, None).AsTask())));

        Assert.That(created.Count(won => won), Is.EqualTo(1));
        byte[] winner = contents[Array.IndexOf(created, true)];
        Assert.That(await Vault.ReadAsync("commits/a/1", 1000, None), Is.EqualTo(winner));
    }

    [Test]
    public async Task Create_EmptyContent_IsABlob()
    {
        await Vault.CreateAsync("empty", ReadOnlyMemory<byte>.Empty, None);

        Assert.That(await Vault.ReadAsync("empty", 0, None), Is.Empty);
        Assert.That(await Vault.GetLengthAsync("empty", None), Is.Zero);
        Assert.That(await Vault.ReadRangeAsync("empty", 0, new byte[10], None), Is.Zero);
        Assert.That(await ListAsync(), Is.EqualTo(new[] { new VaultBlob("empty", 0) }));
    }

    [Test]
    public async Task Create_EightMebibytes_ReadsBackEqual()
    {
        byte[] content = Content(8 << 20);

        await Vault.CreateAsync("packs/large", content, None);

        byte[] read = await Vault.ReadAsync("packs/large", content.Length, None);
        Assert.That(SHA256.HashData(read), Is.EqualTo(SHA256.HashData(content)));
    }

    [Test]
    public async Task Create_CallersBufferChangesAfterwards_BlobDoesNot()
    {
        byte[] content = Content(100);
        await Vault.CreateAsync("repo", content.AsMemory(10, 50), None);

        Array.Clear(content);

        Assert.That(await Vault.ReadAsync("repo", 100, None), Is.EqualTo(Content(100)[10..60]));
    }

    [Test]
    public async Task Reopen_AfterCreate_SeesBlobWithFreshCounters()
    {
        await Vault.CreateAsync("repo", Content(10), None);

        await using IVault again = await ReopenAsync();

        Assert.That(again.Traffic, Is.EqualTo(default(VaultTraffic)));
        Assert.That(await again.ReadAsync("repo", 10, None), Is.EqualTo(Content(10)));
    }

    [Test]
    public async Task Read_Missing_ThrowsBlobMissingWithName()
    {
        await Vault.CreateAsync("packs/a", Content(1), None);

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.VaultBlobMissing, async () => await Vault.ReadAsync("packs/b", 10, None));

        Assert.That(error.Message, Does.Contain("packs/b"));
    }

    [Test]
    public async Task Read_LargerThanMaximum_ThrowsBlobDamaged()
    {
        await Vault.CreateAsync("repo", Content(11), None);

        await BackupErrors.ExpectAsync(ErrorCode.VaultBlobDamaged, async () => await Vault.ReadAsync("repo", 10, None));
    }

    [TestCase(0, 10, 10)]
    [TestCase(95, 10, 5)]
    [TestCase(99, 1, 1)]
    [TestCase(100, 10, 0)]
    [TestCase(5_000_000_000, 10, 0)]
    [TestCase(0, 100, 100)]
    [TestCase(0, 101, 100)]
    [TestCase(50, 0, 0)]
    public async Task ReadRange_AtAndAroundTheEnd_ReturnsWhatIsThere(long offset, int length, int expected)
    {
        await Vault.CreateAsync("repo", Content(100), None);
        byte[] buffer = new byte[length];

        int read = await Vault.ReadRangeAsync("repo", offset, buffer, None);

        Assert.That(read, Is.EqualTo(expected));
        Assert.That(buffer[..read], Is.EqualTo(Content(100).AsSpan((int)Math.Min(offset, 100), expected).ToArray()));
    }

    [TestCase(10)]
    [TestCase(0)]
    public async Task ReadRange_Missing_ThrowsBlobMissing(int length)
    {
        await BackupErrors.ExpectAsync(
            ErrorCode.VaultBlobMissing, async () => await Vault.ReadRangeAsync("packs/b", 0, new byte[length], None));
    }

    [Test]
    public async Task GetLength_PresentAndMissing_TellsApart()
    {
        await Vault.CreateAsync("packs/a", Content(123), None);

        Assert.That(await Vault.GetLengthAsync("packs/a", None), Is.EqualTo(123));
        Assert.That(await Vault.GetLengthAsync("packs/b", None), Is.Null);
    }

    [Test]
    public async Task List_EmptyVault_IsEmpty() => Assert.That(await ListAsync(), Is.Empty);

    [Test]
    public async Task List_NamesAroundTheSeparator_AreInOrdinalOrder()
    {
        string[] names = ["a-b", "a.b", "a/b", "a/b-c", "a/b.c/d", "a0", "a_b", "aa/0", "b/x/y/z", "b/x0", "repo"];
        foreach (string name in names.Reverse())
        {
            await Vault.CreateAsync(name, Content(name.Length), None);
        }

        VaultBlob[] listed = await ListAsync();

        Assert.That(listed, Is.EqualTo(names.Select(name => new VaultBlob(name, name.Length))));
    }

    [TestCase("commits/", "commits/a/1", "commits/a/2", "commits/b/1")]
    [TestCase("commits/a/", "commits/a/1", "commits/a/2")]
    [TestCase("commits/a", "commits/a/1", "commits/a/2")]
    [TestCase("commits/a/2", "commits/a/2")]
    [TestCase("co", "commits/a/1", "commits/a/2", "commits/b/1")]
    [TestCase("commits/c/")]
    [TestCase("commits/a/1/")]
    public async Task List_Prefix_ShowsOnlyNamesThatStartWithIt(string prefix, params string[] expected)
    {
        foreach (string name in (string[])["commits/a/1", "commits/a/2", "commits/b/1", "keys/x", "repo"])
        {
            await Vault.CreateAsync(name, Content(1), None);
        }

        VaultBlob[] listed = await ListAsync(prefix);

        Assert.That(listed.Select(blob => blob.Name), Is.EqualTo(expected));
    }

    [Test]
    public async Task List_TwelveHundredBlobs_ShowsAllInOrder()
    {
        string[] names = [.. Enumerable.Range(0, 1200).Select(i => $"packs/{i % 16:x2}/{i:d5}")];
        await Parallel.ForEachAsync(
            names,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (name, token) => await Vault.CreateAsync(name, Content(3), token));

        VaultBlob[] listed = await ListAsync("packs/");

        Assert.That(listed.Select(blob => blob.Name), Is.EqualTo(names.Order(StringComparer.Ordinal)));
    }

    [Test]
    public async Task Delete_PresentThenAgain_TrueThenFalse()
    {
        await Vault.CreateAsync("packs/a", Content(1), None);

        Assert.That(await Vault.DeleteAsync("packs/a", None), Is.True);
        Assert.That(await Vault.DeleteAsync("packs/a", None), Is.False);
        Assert.That(await ListAsync(), Is.Empty);
    }

    [Test]
    public async Task Create_AfterDelete_Succeeds()
    {
        await Vault.CreateAsync("packs/a", Content(1), None);
        await Vault.DeleteAsync("packs/a", None);

        bool created = await Vault.CreateAsync("packs/a", Content(2), None);

        Assert.That(created, Is.True);
        Assert.That(await Vault.GetLengthAsync("packs/a", None), Is.EqualTo(2));
    }

    [TestCase("")]
    [TestCase("/a")]
    [TestCase("a/")]
    [TestCase("a//b")]
    [TestCase("..")]
    [TestCase("../a")]
    [TestCase("a/../../b")]
    [TestCase("a/./b")]
    [TestCase(".tmp/a")]
    [TestCase("a.")]
    [TestCase("A")]
    [TestCase("a b")]
    [TestCase("a\\b")]
    [TestCase("ä")]
    [TestCase("a\0")]
    public async Task AnyCall_InvalidName_ThrowsInternalError(string name)
    {
        Func<Task>[] calls =
        [
            async () => await Vault.CreateAsync(name, Content(1), None),
            async () => await Vault.ReadAsync(name, 1, None),
            async () => await Vault.ReadRangeAsync(name, 0, new byte[1], None),
            async () => await Vault.GetLengthAsync(name, None),
            async () => await Vault.DeleteAsync(name, None),
        ];
        foreach (Func<Task> call in calls)
        {
            await BackupErrors.ExpectAsync(ErrorCode.InternalError, call);
        }
    }

    [Test]
    public async Task Create_LongestName_Works()
    {
        string name = $"{new string('a', 127)}/{new string('b', 128)}";

        Assert.That(await Vault.CreateAsync(name, Content(1), None), Is.True);
        Assert.That((await ListAsync()).Single().Name, Is.EqualTo(name));
        await BackupErrors.ExpectAsync(
            ErrorCode.InternalError, async () => await Vault.CreateAsync(name + "b", Content(1), None));
    }

    [TestCase("../")]
    [TestCase("/")]
    [TestCase("A")]
    public async Task List_InvalidPrefix_ThrowsInternalError(string prefix) =>
        await BackupErrors.ExpectAsync(ErrorCode.InternalError, () => ListAsync(prefix));

    [Test]
    public async Task AnyCall_CancelledToken_ThrowsAndDoesNothing()
    {
        CancellationToken cancelled = new(canceled: true);
        await Vault.CreateAsync("repo", Content(5), None);
        Func<Task>[] calls =
        [
            async () => await Vault.CreateAsync("packs/a", Content(1), cancelled),
            async () => await Vault.ReadAsync("repo", 10, cancelled),
            async () => await Vault.ReadRangeAsync("repo", 0, new byte[1], cancelled),
            async () => await Vault.GetLengthAsync("repo", cancelled),
            async () => await Vault.DeleteAsync("repo", cancelled),
            async () => await Vault.ListAsync("", cancelled).GetAsyncEnumerator(cancelled).MoveNextAsync(),
        ];
        foreach (Func<Task> call in calls)
        {
            Assert.That(call, Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That(await ListAsync(), Is.EqualTo(new[] { new VaultBlob("repo", 5) }));
    }

    [Test]
    public async Task MixedCalls_Concurrently_KeepEachBlobWhole()
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 64),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, token) =>
            {
                string name = $"packs/{i:d3}";
                byte[] content = Content(1000 + i);
                Assert.That(await Vault.CreateAsync(name, content, token), Is.True);
                Assert.That(await Vault.ReadAsync(name, 2000, token), Is.EqualTo(content));
                Assert.That(await Vault.DeleteAsync(name, token), Is.EqualTo(true));
            });

        Assert.That(await ListAsync(), Is.Empty);
    }

    [Test]
    public async Task Traffic_OfCreateReadAndList_CountsContentAndRequests()
    {
        await Vault.CreateAsync("warm-up", Content(1), None);
        VaultTraffic before = Vault.Traffic;

        await Vault.CreateAsync("packs/a", Content(50_000), None);
        VaultTraffic created = Vault.Traffic.Since(before);
        await Vault.CreateAsync("packs/a", Content(50_000), None);
        VaultTraffic again = Vault.Traffic.Since(before);
        await Vault.ReadAsync("packs/a", 50_000, None);
        await Vault.ReadRangeAsync("packs/a", 100, new byte[1000], None);
        await Vault.GetLengthAsync("packs/a", None);
        await ListAsync();
        await Vault.DeleteAsync("packs/a", None);
        VaultTraffic all = Vault.Traffic.Since(before);

        Assert.That(created.SentBytes, Is.InRange(50_000, 52_000));
        Assert.That(created.StoredBytes, Is.EqualTo(50_000));
        Assert.That(created.Requests, Is.EqualTo(1));
        Assert.That(again.StoredBytes, Is.EqualTo(50_000));
        Assert.That(again.Requests, Is.EqualTo(2));
        Assert.That(all.Requests, Is.EqualTo(7));
        Assert.That(all.ReceivedBytes - again.ReceivedBytes, Is.InRange(51_000, 56_000));
    }

    /// <summary>Content that differs at every offset and length, without randomness.</summary>
    protected static byte[] Content(int length)
    {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++)
        {
            content[i] = unchecked((byte)((i * 31) + (i >> 8) + length));
        }

        return content;
    }

    private async Task<VaultBlob[]> ListAsync(string prefix = "")
    {
        List<VaultBlob> blobs = [];
        await foreach (VaultBlob blob in Vault.ListAsync(prefix, None))
        {
            blobs.Add(blob);
        }

        return [.. blobs];
    }
}
