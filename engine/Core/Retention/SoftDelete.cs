namespace Harness.Engine.Retention;

/// <summary>How long a forgotten recovery point can be taken back.</summary>
public static class SoftDelete
{
    /// <summary>
    /// 14 days from the moment of forgetting ("Security features to help protect hybrid backups", 2023-03-01: deleted
    /// backup data is retained for 14 days).
    /// </summary>
    public static TimeSpan Period { get; } = TimeSpan.FromDays(14);

    /// <summary>Whether the period of something forgotten at a moment is over.</summary>
    public static bool IsOver(DateTimeOffset deletedAt, DateTimeOffset now) => now - deletedAt >= Period;
}
