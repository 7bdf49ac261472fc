using Harness.Simulator.Content;
using Harness.Simulator.Faults;
using Harness.Simulator.Kernel;

namespace Harness.Simulator.Processes;

/// <summary>
/// The machine that processes run on, as far as they share it whoever they are: its clock, and the credentials that it has for the
/// vault. FAULT_MODEL.md section 2, "Clock and credentials". One thread.
/// </summary>
/// <param name="name">Its name, by which faults address it.</param>
/// <param name="simulation">The world.</param>
public sealed class SimHost(string name, Simulation simulation)
{
    private const int MostSkewPermille = 100;

    private static readonly TimeSpan[] MostSteps =
        [TimeSpan.FromSeconds(2), TimeSpan.FromHours(3), TimeSpan.FromDays(40), TimeSpan.FromDays(10 * 365)];

    private readonly SeededSequence _sizes = simulation.Stream($"clock {name}");

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Its clock.</summary>
    public HostClock Clock { get; } = new(simulation.Clock);

    /// <summary>Whether the vault denies every call from here until the credentials are renewed.</summary>
    public bool AreCredentialsExpired { get; private set; }

    /// <summary>The clock is set right and the credentials are renewed.</summary>
    public void Heal()
    {
        Clock.Heal();
        AreCredentialsExpired = false;
    }

    /// <summary>Asks what happens to the clock, and lets it happen.</summary>
    internal void AskClock(Func<string, string, FaultKind?> ask)
    {
        switch (ask("clock.step", name))
        {
            case FaultKind.Step:
                var most = _sizes.Pick(MostSteps).Ticks;
                Clock.Step(TimeSpan.FromTicks(_sizes.Below(2 * most) - most));
                break;
            case FaultKind.DaylightSaving:
                Clock.ChangeToOrFromSavedTime(forward: _sizes.Permille(500));
                break;
        }

        if (ask("clock.skew", name) == FaultKind.Skew)
        {
            Clock.Skew(_sizes.Below((2 * MostSkewPermille) + 1) - MostSkewPermille);
        }
    }

    /// <summary>Asks whether the credentials end before a call of the vault.</summary>
    internal bool AreDenied(Func<string, string, FaultKind?> ask) =>
        AreCredentialsExpired |= ask("credentials.expire", name) == FaultKind.Expire;
}
