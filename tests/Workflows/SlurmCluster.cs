using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Workflows;

/// <summary>
/// A Slurm cluster of this one machine, with daemons, ports, key and files of its own; what may run here already is left alone.
/// Needs root and Debian's slurm-wlm and munge.
/// </summary>
internal sealed class SlurmCluster : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("harness-slurm-").FullName;
    private readonly List<Process> _daemons = [];

    /// <summary>Starts the daemons and waits until the node can be given work.</summary>
    internal static async Task<SlurmCluster> StartAsync()
    {
        SystemTool.Require("munged", "slurmctld", "slurmd", "sbatch");
        var cluster = new SlurmCluster();
        try
        {
            await cluster.StartDaemonsAsync();
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Submits a script and waits for its end; returns the exit code of its worst task.</summary>
    internal async Task<int> SubmitAsync(string script, string array, params string[] arguments)
    {
        var (exit, output) = await RunAsync(
            "sbatch", ["--wait", $"--array={array}", "--output", Path.Combine(_folder, "task-%a.log"), script, .. arguments]);
        await TestContext.Out.WriteLineAsync(output);
        foreach (var log in Directory.EnumerateFiles(_folder, "task-*.log").Order(StringComparer.Ordinal))
        {
            await TestContext.Out.WriteLineAsync($"{Path.GetFileName(log)}: {await File.ReadAllTextAsync(log)}");
        }

        return exit;
    }

    public void Dispose()
    {
        foreach (var daemon in Enumerable.Reverse(_daemons))
        {
            if (!daemon.HasExited)
            {
                using (var kill = Process.Start("kill", ["-TERM", $"{daemon.Id}"]))
                {
                    kill.WaitForExit();
                }

                if (!daemon.WaitForExit(TimeSpan.FromSeconds(10)))
                {
                    daemon.Kill();
                }
            }

            daemon.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartDaemonsAsync()
    {
        foreach (var name in new[] { "munge", "state", "spool" })
        {
            Directory.CreateDirectory(In(name));
        }

        await File.WriteAllBytesAsync(In("munge.key"), RandomNumberGenerator.GetBytes(128));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(In("munge.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await File.WriteAllTextAsync(In("slurm.conf"), Configuration());
        Start(
            "munged", "--foreground", "--force", $"--socket={In("munge/socket")}", $"--key-file={In("munge.key")}",
            $"--pid-file={In("munge/pid")}", $"--log-file={In("munge.log")}", $"--seed-file={In("munge/seed")}");
        await UntilAsync("munged", () => Task.FromResult(File.Exists(In("munge/socket"))));
        Start("slurmctld", "-D", "-f", In("slurm.conf"));
        Start("slurmd", "-D", "-f", In("slurm.conf"));
        await UntilAsync("the node", async () => (await RunAsync("sinfo", ["--noheader", "--format=%t"])).Output.Trim() == "idle");
    }

    /// <summary>One node that runs four tasks at once and begins them when they come, not at the next round of the scheduler.</summary>
    private string Configuration() => $"""
        ClusterName=harness
        SlurmctldHost={Dns.GetHostName()}(127.0.0.1)
        SlurmUser=root
        SlurmdUser=root
        AuthType=auth/munge
        AuthInfo=socket={In("munge/socket")}
        CredType=cred/munge
        SlurmctldPort={FreePort()}
        SlurmdPort={FreePort()}
        StateSaveLocation={In("state")}
        SlurmdSpoolDir={In("spool")}
        SlurmctldPidFile={In("slurmctld.pid")}
        SlurmdPidFile={In("slurmd.pid")}
        SlurmctldLogFile={In("slurmctld.log")}
        SlurmdLogFile={In("slurmd.log")}
        PlugStackConfig=/dev/null
        ProctrackType=proctrack/pgid
        TaskPlugin=task/none
        SelectType=select/cons_tres
        SelectTypeParameters=CR_CPU
        SchedulerType=sched/builtin
        SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0
        MpiDefault=none
        SwitchType=switch/none
        JobAcctGatherType=jobacct_gather/none
        AccountingStorageType=accounting_storage/none
        ReturnToService=2
        SlurmdParameters=config_overrides
        NodeName={Dns.GetHostName()} NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
        PartitionName=main Nodes={Dns.GetHostName()} Default=YES MaxTime=INFINITE State=UP

        """;

    private static async Task UntilAsync(string what, Func<Task<bool>> isReady)
    {
        var watch = Stopwatch.StartNew();
        while (!await isReady())
        {
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(60)), $"{what} is not ready.");
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string In(string name) => Path.Combine(_folder, name);

    private void Start(string daemon, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo($"/usr/sbin/{daemon}", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _daemons.Add(process);
    }

    private async Task<(int Exit, string Output)> RunAsync(string tool, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(tool, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SLURM_CONF"] = In("slurm.conf");
        start.Environment["HARNESS_DLL"] = Path.Combine(AppContext.BaseDirectory, "harness.dll");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
