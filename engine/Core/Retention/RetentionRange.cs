namespace Harness.Engine.Retention;

/// <summary>A documented range of a retention setting.</summary>
/// <param name="Name">The setting.</param>
/// <param name="Least">Smallest value allowed ("Security features to help protect hybrid backups", 2023-03-01).</param>
/// <param name="Most">Largest value allowed ("Support matrix for backup with the MARS agent", 2022-12-28).</param>
/// <param name="Unit">Unit, plural.</param>
public sealed record RetentionRange(string Name, int Least, int Most, string Unit)
{
    /// <summary>Daily points: 7 to 9,999 days.</summary>
    public static RetentionRange Daily { get; } = new("daily", 7, 9999, "days");

    /// <summary>Weekly points: 4 to 5,163 weeks.</summary>
    public static RetentionRange Weekly { get; } = new("weekly", 4, 5163, "weeks");

    /// <summary>Monthly points: 3 to 1,188 months.</summary>
    public static RetentionRange Monthly { get; } = new("monthly", 3, 1188, "months");

    /// <summary>Yearly points: 1 to 99 years.</summary>
    public static RetentionRange Yearly { get; } = new("yearly", 1, 99, "years");
}
