using Harness.Engine.Limits;
using Harness.Engine.Ports;
using Harness.Simulator.Processes;

namespace Harness.Scenarios.Searches;

/// <summary>How a backup of a search goes about it.</summary>
/// <param name="LooksAtAll">Looks at every entry, whatever the source says has changed.</param>
/// <param name="IsElsewhere">Has a scratch location of its own: another program protects the same volume.</param>
/// <param name="IsPaced">Keeps to a bandwidth, another one in the work hours of the machine's local time.</param>
internal sealed record BackupWay(bool LooksAtAll = false, bool IsElsewhere = false, bool IsPaced = false)
{
    private static readonly Bandwidth Free = new(new Rate(1 << 20));

    /// <summary>As it is done by default.</summary>
    public static BackupWay Plain { get; } = new();

    /// <summary>Looking at every entry.</summary>
    public static BackupWay Whole { get; } = new(LooksAtAll: true);

    /// <summary>The vault as such a run reaches it.</summary>
    public IVault Paced(IVault vault, SimProcess process)
    {
        if (!IsPaced)
        {
            return vault;
        }

        var hours = WorkHours.Parse("07:00-13:00", "mon-sun", process.Clock.LocalTimeZone);
        return LimitedVault.Of(vault, new Bandwidth(Free.Outside, hours, new Rate(128 << 10)), Free, process.Clock);
    }
}
