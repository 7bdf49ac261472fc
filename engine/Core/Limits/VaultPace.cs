namespace Harness.Engine.Limits;

/// <summary>How fast the bytes of a vault pass, in both directions. Safe for concurrent calls.</summary>
/// <param name="upload">What is sent.</param>
/// <param name="download">What is received.</param>
/// <param name="clock">Runs both.</param>
public sealed class VaultPace(Bandwidth upload, Bandwidth download, TimeProvider clock)
{
    /// <summary>Passes what is sent.</summary>
    public Pacer Upload { get; } = new(upload, clock);

    /// <summary>Passes what is received.</summary>
    public Pacer Download { get; } = new(download, clock);

    /// <summary>The lowest rate of both at any time; null for none.</summary>
    public Rate? Slowest
    {
        get
        {
            var rates = new[] { upload.Slowest, download.Slowest }.OfType<Rate>().ToList();
            return rates.Count == 0 ? null : rates.MinBy(rate => rate.BytesPerSecond);
        }
    }
}
