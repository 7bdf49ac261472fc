using System.Globalization;
using Harness.Engine.Errors;

namespace Harness.Engine.Servers;

/// <summary>
/// The written form of steps: <c>system-center:2012-r2</c>, <c>update-rollup:3</c>, <c>powershell</c>, <c>dotnet:4.5</c>, <c>agent</c>,
/// <c>protect:vault</c>. ArgumentInvalid, with the known forms, for others.
/// </summary>
public static class ServerStepText
{
    private const int MostRollup = 99;

    /// <summary>Reads one step.</summary>
    public static ServerStep Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (word, value) = colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
        return (word, value) switch
        {
            ("system-center", not null) => new ServerStep.InstallSystemCenter(ServerWords.Release(value)),
            ("update-rollup", not null) => new ServerStep.InstallUpdateRollup(Rollup(value)),
            ("powershell", null) => new ServerStep.InstallPowerShell(),
            ("dotnet", not null) => new ServerStep.InstallDotNetFramework(Framework(value)),
            ("agent", null) => new ServerStep.InstallAgent(),
            ("protect", not null) => new ServerStep.Protect(ServerWords.Target(value)),
            _ => throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"There is no step '{text}'.",
                "Known: system-center:RELEASE, update-rollup:N, powershell, dotnet:VERSION, agent, protect:TARGET."),
        };
    }

    /// <summary>The written form of a step.</summary>
    public static string Of(ServerStep step) => step switch
    {
        ServerStep.InstallSystemCenter { Release: var release } => $"system-center:{ServerWords.Of(release)}",
        ServerStep.InstallUpdateRollup { Number: var number } => string.Create(CultureInfo.InvariantCulture, $"update-rollup:{number}"),
        ServerStep.InstallPowerShell => "powershell",
        ServerStep.InstallDotNetFramework { Version: var version } => $"dotnet:{version}",
        ServerStep.InstallAgent => "agent",
        ServerStep.Protect { Target: var target } => $"protect:{ServerWords.Of(target)}",
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    };

    private static int Rollup(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostRollup
            ? number
            : throw new BackupException(
                ErrorCode.ArgumentInvalid, $"'{value}' is no number of an update rollup.", $"Give 1 to {MostRollup}.");

    private static Version Framework(string value) => Version.TryParse(value, out var version)
        ? version
        : throw new BackupException(
            ErrorCode.ArgumentInvalid, $"'{value}' is no version of .NET Framework.", "Give one such as 4.5 or 4.5.2.");
}
