using Harness.Engine.Limits;

namespace Harness.Engine.Azure.Wire;

/// <summary>The pace of everything that one vault sends and receives, and what follows from it for time limits.</summary>
internal sealed class WirePace
{
    /// <summary>Connections that may share the line.</summary>
    private const int Sharers = 40;

    /// <summary>The longest answer to a request without a length of its own: a page of a listing.</summary>
    private const int AnswerBytes = 4 << 20;

    /// <summary>The longest that timers of the SDK go, with some to spare.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>The pace; null lets everything pass.</summary>
    public VaultPace? Pace { get; set; }

    /// <summary>How much longer a call with some bytes may take than without a pace.</summary>
    public TimeSpan SlackFor(long bytes)
    {
        if (Pace?.Slowest is not { } rate)
        {
            return TimeSpan.Zero;
        }

        double seconds = (double)Math.Max(bytes, AnswerBytes) * Sharers / rate.BytesPerSecond;
        return seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Longest;
    }
}
