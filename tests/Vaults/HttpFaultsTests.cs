using Harness.Engine.Azure;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Scenarios.Vaults.Wire;
using Harness.Simulator.Faults;
using Harness.Simulator.Kernel;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Vaults;

/// <summary>The vault faults of FAULT_MODEL.md, done to a real Azurite by the transport: the engine sees what a simulation shows it.</summary>
[TestFixture]
[Category("Azurite")]
public sealed class HttpFaultsTests
{
    private const string Name = "packs/00/a";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Content = [.. Enumerable.Range(0, 30_000).Select(i => unchecked((byte)(i * 7)))];

    /// <summary>What comes of the call that goes wrong, and whether the blob is there afterwards.</summary>
    private static IEnumerable<TestCaseData> Calls()
    {
        foreach (var (rule, answer, isThere) in new[]
        {
            ("vault.create packs/* 1 refused", "VaultUnreachable", false),
            ("vault.create packs/* 1 lost-ack", "VaultUnreachable", true),
            ("vault.create packs/* 1 duplicate", "false", true),
            ("vault.create packs/* 1 partial", "VaultUnreachable", false),
            ("vault.create packs/* 1 hang", "VaultUnreachable", false),
            ("vault.create packs/* 1 slow", "true", true),
            ("vault.create packs/* 1 denied", "VaultAccessDenied", false),
            ("vault.create packs/* 1 full", "VaultFull", false),
            ("vault.read packs/* 1 refused", "VaultUnreachable", true),
            ("vault.read packs/* 1 partial", "VaultUnreachable", true),
            ("vault.read packs/* 1 hang", "VaultUnreachable", true),
            ("vault.read packs/* 1 denied", "VaultAccessDenied", true),
            ("vault.read packs/* 1 corrupt-body", "one bit", true),
            ("vault.read-range packs/* 1 corrupt-body", "one bit", true),
            ("vault.read-range packs/* 1 partial", "VaultUnreachable", true),
            ("vault.length packs/* 1 refused", "VaultUnreachable", true),
            ("vault.length packs/* 1 denied", "VaultAccessDenied", true),
            ("vault.list packs/ 1 partial", "VaultUnreachable", true),
            ("vault.list packs/ 1 refused", "VaultUnreachable", true),
            ("vault.delete packs/* 1 refused", "VaultUnreachable", true),
            ("vault.delete packs/* 1 lost-ack", "VaultUnreachable", false),
            ("vault.delete packs/* 1 duplicate", "false", false),
        })
        {
            yield return new TestCaseData(rule, answer, isThere).SetName($"Call_{rule.Replace(' ', '_')}_IsAsInASimulation");
        }
    }

    [TestCaseSource(nameof(Calls))]
    public async Task Call_GoingWrong_IsAsInASimulation(string text, string answer, bool isThere)
    {
        var rule = FaultRule.Parse(text);
        var recorder = new FaultRecorder(new FaultPlan([rule]));
        var clock = new SimClock();
        var faults = new HttpFaults(recorder, waitAsync: (time, cancellationToken) =>
        {
            clock.Advance(time);
            return cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;
        });
        var location = await SharedAzurite.NewContainerAsync();
        await using var plain = await SharedAzurite.OpenAsync(location);
        await plain.CreateAsync(rule.Operation == "vault.create" ? "repo" : Name, Content, None);
        await using var vault = await SharedAzurite.OpenAsync(location, new AzureVaultOptions
        {
            MaxRetries = 1,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            MaxRetryDelay = TimeSpan.FromMilliseconds(2),
            Clock = clock,
            WrapTransport = faults.Wrap,
        });

        Assert.That(await AnswerAsync(vault, rule.Operation), Is.EqualTo(answer));

        Assert.That(recorder.Fired.Select(fired => (fired.Operation, fired.Attempt, fired.Kind)), Is.EqualTo(new[] { (rule.Operation, 1L, rule.Kind) }));
        Assert.That(await plain.GetLengthAsync(Name, None) is not null, Is.EqualTo(isThere));
        faults.Heal();
        Assert.That(await AnswerAsync(vault, rule.Operation), Does.Not.Match("^Vault|bit"), "the call after it");
    }

    [Test]
    public async Task Denied_UntilHealed_HoldsForEveryCall()
    {
        var faults = new HttpFaults(new FaultPlan([FaultRule.Parse("vault.length * 2 denied")]));
        await using var vault = await SharedAzurite.NewContainerVaultAsync(new AzureVaultOptions { WrapTransport = faults.Wrap });
        await vault.CreateAsync(Name, Content, None);
        Assert.That(await vault.GetLengthAsync(Name, None), Is.EqualTo(Content.Length));

        foreach (var operation in new[] { "vault.length", "vault.read", "vault.list", "vault.create", "vault.delete" })
        {
            Assert.That(await AnswerAsync(vault, operation), Is.EqualTo("VaultAccessDenied"), operation);
        }

        faults.Heal();
        Assert.That(await vault.ReadAsync(Name, Content.Length, None), Is.EqualTo(Content));
    }

    [TestCase("PUT", "http://h/acc/box/packs/00/a", "vault.create", "packs/00/a")]
    [TestCase("GET", "http://h/acc/box?restype=container&comp=list&prefix=packs%2F&maxresults=5000", "vault.list", "packs/")]
    [TestCase("GET", "http://h/acc/box?restype=container&comp=list", "vault.list", "")]
    [TestCase("HEAD", "http://h/acc/box/repo", "vault.length", "repo")]
    [TestCase("DELETE", "http://h/acc/box/repo", "vault.delete", "repo")]
    [TestCase("PUT", "http://h/acc/box?restype=container", null, null)]
    public void Address_OfARequest_IsThatOfTheCall(string method, string url, string? operation, string? key)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url);

        var address = HttpAddress.Of(request, isAccountInPath: true);

        Assert.That((address?.Operation, address?.Key), Is.EqualTo((operation, key)));
    }

    [Test]
    public void Address_OfTheCloud_HasNoAccountInItsPath()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://acc.blob.core.windows.net/box/packs/00/a");
        request.Headers.Add("x-ms-range", "bytes=0-9");

        Assert.That(HttpAddress.Of(request, isAccountInPath: false), Is.EqualTo(new HttpAddress("vault.read-range", "packs/00/a")));
    }

    private static async Task<string> AnswerAsync(IVault vault, string operation)
    {
        try
        {
            switch (operation)
            {
                case "vault.create":
                    return await vault.CreateAsync(Name, Content, None) ? "true" : "false";
                case "vault.read":
                    return Compare(await vault.ReadAsync(Name, Content.Length, None), Content);
                case "vault.read-range":
                    var buffer = new byte[5000];
                    return Compare(buffer[..await vault.ReadRangeAsync(Name, 9000, buffer, None)], Content[9000..14000]);
                case "vault.length":
                    return $"{await vault.GetLengthAsync(Name, None)}";
                case "vault.list":
                    return $"{await vault.ListAsync("packs/", None).CountAsync()}";
                default:
                    return await vault.DeleteAsync(Name, None) ? "true" : "false";
            }
        }
        catch (BackupException error)
        {
            return $"{error.Code}";
        }
    }

    private static string Compare(byte[] actual, byte[] expected) => actual.Length != expected.Length ? $"{actual.Length} bytes"
        : actual.Zip(expected, (one, other) => int.PopCount(one ^ other)).Sum() switch
        {
            0 => "the same",
            1 => "one bit",
            var bits => $"{bits} bits",
        };
}
