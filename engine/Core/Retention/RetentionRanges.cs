namespace Harness.Engine.Retention;

/// <summary>The ranges of the four retention settings under one version of the rules.</summary>
/// <param name="Daily">Days that every recovery point is kept (clause <c>retention.daily</c>).</param>
/// <param name="Weekly">Weeks that the point of a week is kept (clause <c>retention.weekly</c>).</param>
/// <param name="Monthly">Months that the point of a month is kept (clause <c>retention.monthly</c>).</param>
/// <param name="Yearly">Years that the point of a year is kept (clause <c>retention.yearly</c>).</param>
public sealed record RetentionRanges(RetentionRange Daily, RetentionRange Weekly, RetentionRange Monthly, RetentionRange Yearly)
{
    /// <summary>The ranges of the latest documents.</summary>
    public static RetentionRanges Published { get; } =
        new(RetentionRange.Daily, RetentionRange.Weekly, RetentionRange.Monthly, RetentionRange.Yearly);
}
