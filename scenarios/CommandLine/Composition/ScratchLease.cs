using Harness.Engine.Local.Scratch;
using Harness.Engine.Ports;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>The scratch location of one command. One that serves a vault of this command only is deleted with it.</summary>
internal sealed class ScratchLease : IDisposable
{
    private const string EphemeralPrefix = "harness-scratch-";

    private readonly LocalScratch _scratch;
    private readonly string? _ephemeral;

    private ScratchLease(string path, string? ephemeral, bool exclusive)
    {
        _scratch = new LocalScratch(path, exclusive);
        _ephemeral = ephemeral;
    }

    /// <summary>The location.</summary>
    public IScratch Scratch => _scratch;

    /// <summary>
    /// The directory that the user named; else one of its own for this vault and source in the user's cache directory; for a
    /// vault that ends with the command a temporary one. A run that writes to it has it exclusively.
    /// </summary>
    public static ScratchLease Open(string? directory, VaultName vault, string sourceName, bool exclusive)
    {
        LinuxOnly.Require("Scratch locations");
        if (directory is not null)
        {
            return new(directory, null, exclusive);
        }

        if (!vault.OutlivesCommand)
        {
            var ephemeral = Directory.CreateTempSubdirectory(EphemeralPrefix).FullName;
            return new(ephemeral, ephemeral, exclusive);
        }

        return new(DefaultPath(vault, sourceName), null, exclusive);
    }

    /// <summary>Where the scratch of a vault and source is when the user names no directory.</summary>
    public static string DefaultPath(VaultName vault, string sourceName) => LocalScratch.DefaultPath($"{vault.Key}\n{sourceName}");

    /// <inheritdoc/>
    public void Dispose()
    {
        _scratch.Dispose();
        if (_ephemeral is not null)
        {
            Directory.Delete(_ephemeral, recursive: true);
        }
    }
}
