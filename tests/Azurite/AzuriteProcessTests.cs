using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Harness.Engine.Azure;
using Harness.Engine.Errors;
using Harness.Scenarios.Azurite;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Azurite;

[TestFixture]
[Category("Azurite")]
public sealed class AzuriteProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Start_FreePort_ServesItsOwnAccountAndEndsWhenDisposed()
    {
        AzuriteProcess azurite = await AzuriteProcess.StartAsync(await SharedAzurite.InstallAsync(), 0, CancellationToken.None);
        using Process observed = Process.GetProcessById(azurite.ProcessId);
        await using (AzureBlobVault vault = AzureBlobVault.Open(
            AzureVaultLocation.Parse($"{azurite.Endpoint}/abc", out _),
            AzureVaultCredential.FromConnectionString(azurite.ConnectionString)))
        {
            Assert.That(await vault.CreateAsync("repo", new byte[1], CancellationToken.None), Is.True);
        }

        await azurite.DisposeAsync();

        Assert.That(observed.HasExited, Is.True);
    }

    [Test]
    public async Task Start_PortTaken_ThrowsAzuritePortTakenWithThePort()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        AzuriteInstallation installation = await SharedAzurite.InstallAsync();

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.AzuritePortTaken, () => AzuriteProcess.StartAsync(installation, port, CancellationToken.None));

        Assert.That(error.Message, Does.Contain(port.ToString()));
    }

    [Test]
    public async Task Start_BrokenInstallation_ThrowsStartFailedWithItsOutput()
    {
        AzuriteInstallation real = await SharedAzurite.InstallAsync();

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.AzuriteStartFailed,
            () => AzuriteProcess.StartAsync(real with { MainScript = "/no/such/main.js" }, 0, CancellationToken.None));

        Assert.That(error.Message, Does.Contain("/no/such/main.js"));
    }

    [Test]
    public async Task Start_NodeThatCannotRun_ThrowsNodeMissing() =>
        await BackupErrors.ExpectAsync(
            ErrorCode.NodeMissing,
            () => AzuriteProcess.StartAsync(new("/no/such/node", "main.js"), 0, CancellationToken.None));

    [Test]
    public async Task ParentKilled_WithoutWarning_EndsAzuriteToo()
    {
        ProcessStartInfo start = new("dotnet", [typeof(HelperProgram).Assembly.Location, "hold-azurite"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using Process parent = Process.Start(start)!;
        using CancellationTokenSource patience = new(Patience);
        string? line = await parent.StandardOutput.ReadLineAsync(patience.Token);
        using Process azurite = Process.GetProcessById(int.Parse(line!));
        Assert.That(azurite.HasExited, Is.False);

        parent.Kill();

        await azurite.WaitForExitAsync(patience.Token);
        Assert.That(azurite.HasExited, Is.True);
    }

    [Test]
    public async Task Terminated_BySignal_EndsByItself()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Windows has no SIGTERM.");
        }

        await using AzuriteProcess azurite =
            await AzuriteProcess.StartAsync(await SharedAzurite.InstallAsync(), 0, CancellationToken.None);
        using CancellationTokenSource patience = new(Patience);

        await Process.Start("kill", ["-TERM", azurite.ProcessId.ToString()]).WaitForExitAsync(patience.Token);

        await azurite.WaitForExitAsync(patience.Token);
        Assert.That(azurite.HasExited, Is.True);
    }

    [Test]
    public async Task Daemon_UntilCancelled_PrintsAddressThatWorks()
    {
        using CancellationTokenSource stop = new();
        using StringWriter output = new();
        AzuriteSettings settings = AzuriteSettings.FromEnvironment(Environment.GetEnvironmentVariable);
        AzuriteInstaller installer = new(settings);
        // Announced apart, so that no other test takes it for the one that the user keeps running.
        string cache = Directory.CreateTempSubdirectory("harness-daemon-").FullName;
        FlushSignal signal = new(output);

        Task running = new AzuriteDaemon(settings with { CacheRoot = cache }, installer).RunAsync(0, signal, stop.Token);
        await Task.WhenAny(running, signal.Flushed.WaitAsync(Patience));
        string text = output.ToString();
        string connection = text.Split('\'')[1];
        string url = text.Split("--vault ")[^1].Trim();
        await using (AzureBlobVault vault = AzureBlobVault.Open(
            AzureVaultLocation.Parse(url, out _), AzureVaultCredential.FromConnectionString(connection)))
        {
            Assert.That(await vault.CreateAsync("repo", new byte[1], CancellationToken.None), Is.True);
        }

        Assert.That((await RunningAzurite.FindAsync(settings with { CacheRoot = cache }, CancellationToken.None))!.Endpoint, Is.Not.Null);
        await stop.CancelAsync();
        await running;
        Assert.That(Directory.EnumerateFiles(cache), Is.Empty);
        Directory.Delete(cache);
    }

    /// <summary>Tells when the daemon has flushed what it prints.</summary>
    private sealed class FlushSignal(StringWriter inner) : TextWriter
    {
        private readonly TaskCompletionSource _flushed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Flushed => _flushed.Task;

        public override System.Text.Encoding Encoding => inner.Encoding;

        public override void Write(char value) => inner.Write(value);

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            _flushed.TrySetResult();
            return Task.CompletedTask;
        }
    }
}
