using System.CommandLine;
using Harness.Engine.Local.Scratch;
using Harness.Engine.Ports;
using Harness.Scenarios.CommandLine.Arguments;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>The scratch locations that backups from this machine to a vault have made, where a command finds them by itself.</summary>
internal sealed class KnownScratches(ParseResult parse) : IDisposable
{
    private readonly List<LocalScratch> _open = [];

    /// <summary>The scratch location of a source; null when this machine has none in its usual place.</summary>
    public IScratch? Of(string sourceName)
    {
        var vault = new VaultName(parse.GetRequiredValue(SharedOptions.Vault));
        var path = ScratchLease.DefaultPath(vault, sourceName);
        if (!OperatingSystem.IsLinux() || !vault.OutlivesCommand || !Directory.Exists(path))
        {
            return null;
        }

        _open.Add(new LocalScratch(path));
        return _open[^1];
    }

    /// <inheritdoc/>
    public void Dispose() => _open.ForEach(scratch => scratch.Dispose());
}
