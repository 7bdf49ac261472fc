using Harness.Engine.Errors;

namespace Harness.Scenarios.Azurite;

/// <summary>
/// Installs the pinned Azurite with npm on first use, and finds it again afterwards at no cost. An installation is made in a
/// folder of its own and renamed into place, so it is complete or absent; a lock file keeps two processes from doing it at
/// once.
/// </summary>
/// <param name="settings">Where to look and install.</param>
/// <param name="notify">Told once when something that takes long begins; may be null.</param>
public sealed class AzuriteInstaller(AzuriteSettings settings, Action<string>? notify = null)
{
    private static readonly TimeSpan NpmTimeout = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Finds or installs Azurite. NodeMissing without a usable node or npm, AzuriteInstallFailed when npm fails or
    /// HARNESS_AZURITE_DIR holds no Azurite.
    /// </summary>
    public async Task<AzuriteInstallation> EnsureAsync(CancellationToken cancellationToken)
    {
        string folder = settings.InstalledDirectory ?? Path.Join(settings.CacheRoot, AzuriteResources.LockId);
        if (!File.Exists(MainScriptIn(folder)))
        {
            if (settings.InstalledDirectory is not null)
            {
                throw new BackupException(
                    ErrorCode.AzuriteInstallFailed,
                    $"HARNESS_AZURITE_DIR is '{folder}', which holds no node_modules/azurite.",
                    "Unset it to let the tool install Azurite, or run 'npm ci' there.");
            }

            await InstallAsync(folder, cancellationToken);
        }

        return new AzuriteInstallation(await new NodeLocator(settings).FindAsync(folder, cancellationToken), MainScriptIn(folder));
    }

    private static string MainScriptIn(string folder) =>
        Path.Join(folder, "node_modules", "azurite", "dist", "src", "blob", "main.js");

    private async Task InstallAsync(string folder, CancellationToken cancellationToken)
    {
        string npm = settings.FindProgram("npm") ?? throw NodeLocator.Missing("npm was not found on the PATH");
        string temporary = $"{folder}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(settings.CacheRoot);
            await using FileStream installing = await LockAsync(folder + ".lock", cancellationToken);
            if (File.Exists(MainScriptIn(folder)))
            {
                return;
            }

            notify?.Invoke($"Installing Azurite into {folder} (once; about half a minute, 550 MB)");
            DeleteAbandoned(folder);
            Directory.CreateDirectory(temporary);
            await File.WriteAllBytesAsync(
                Path.Join(temporary, AzuriteResources.Package), AzuriteResources.Read(AzuriteResources.Package), cancellationToken);
            await File.WriteAllBytesAsync(
                Path.Join(temporary, AzuriteResources.Lock), AzuriteResources.Read(AzuriteResources.Lock), cancellationToken);
            await RunNpmAsync(npm, temporary, cancellationToken);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.Move(temporary, folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                ErrorCode.AzuriteInstallFailed,
                $"Azurite cannot be installed into '{folder}': {error.Message}",
                "Set XDG_CACHE_HOME to a folder with 1 GB of free space, or run on the embedded vault: --vault memory.",
                inner: error);
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    /// <summary>Takes away what killed installations left; the caller holds the lock, so nobody works in them.</summary>
    private void DeleteAbandoned(string folder)
    {
        foreach (string abandoned in Directory.EnumerateDirectories(settings.CacheRoot, Path.GetFileName(folder) + ".*.tmp"))
        {
            Directory.Delete(abandoned, recursive: true);
        }
    }

    private async Task RunNpmAsync(string npm, string folder, CancellationToken cancellationToken)
    {
        string[] arguments = ["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"];
        (int ExitCode, string Output) result =
            await ChildProcess.RunAsync(npm, arguments, folder, settings.SearchPath, NpmTimeout, cancellationToken)
            ?? throw NodeLocator.Missing($"'{npm}' cannot be run");
        if (result.ExitCode != 0)
        {
            throw result.ExitCode is 126 or 127
                ? NodeLocator.Missing($"npm cannot run: {result.Output}")
                : new BackupException(
                    ErrorCode.AzuriteInstallFailed,
                    $"npm could not install Azurite (exit code {result.ExitCode}):{Environment.NewLine}{result.Output}",
                    "Check the network and npm's registry; or set HARNESS_AZURITE_DIR to an existing installation, "
                    + "or run on the embedded vault: --vault memory.");
        }
    }

    /// <summary>Holds a file exclusively; waits while another process installs.</summary>
    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        long giveUp = Environment.TickCount64 + (long)NpmTimeout.TotalMilliseconds;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && Environment.TickCount64 < giveUp)
            {
                await Task.Delay(LockPoll, cancellationToken);
            }
        }
    }
}
