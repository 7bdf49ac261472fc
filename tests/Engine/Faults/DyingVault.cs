using Harness.Engine.Ports;

namespace Harness.Tests.Engine.Faults;

/// <summary>
/// A vault as a process sees it that is killed: after some calls no further call has an effect, tidying up included.
/// </summary>
internal sealed class DyingVault
{
    private readonly int _lives;
    private int _calls;

    /// <summary>Dies after so many calls; <see cref="Calls"/> counts them.</summary>
    public DyingVault(int lives) => _lives = lives;

    public int Calls => _calls;

    public IVault Wrap(IVault inner) => new FaultyVault(inner, _ => ++_calls > _lives ? VaultFault.Before : null);
}
