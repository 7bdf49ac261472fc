using System.CommandLine;
using Harness.Engine.Retention;

namespace Harness.Scenarios.CommandLine.Arguments;

/// <summary>The options that make a retention policy.</summary>
internal sealed class RetentionOptions
{
    private readonly Option<int?> _daily = Count("--daily", "Days that every recovery point is kept (7 to 9999).");
    private readonly Option<int?> _weekly = Count("--weekly", "Weeks that the point of a week is kept (4 to 5163).");
    private readonly Option<int?> _monthly = Count("--monthly", "Months that the point of a month is kept (3 to 1188).");
    private readonly Option<int?> _yearly = Count("--yearly", "Years that the point of a year is kept (1 to 99).");
    private readonly Option<int?> _offset = new("--utc-offset")
    {
        Description = "Hours from UTC by which a moment belongs to a day, -14 to 14 (default: 0); daylight saving is not followed.",
        HelpName = "H",
        CustomParser = result => (int?)Numbers.Read(result, -14, 14),
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command verb)
    {
        verb.Add(_daily);
        verb.Add(_weekly);
        verb.Add(_monthly);
        verb.Add(_yearly);
        verb.Add(_offset);
    }

    /// <summary>The policy, or null when no tier is given.</summary>
    public RetentionPolicy? Read(ParseResult parse)
    {
        var policy = new RetentionPolicy
        {
            DailyDays = parse.GetValue(_daily),
            WeeklyWeeks = parse.GetValue(_weekly),
            MonthlyMonths = parse.GetValue(_monthly),
            YearlyYears = parse.GetValue(_yearly),
            UtcOffset = TimeSpan.FromHours(parse.GetValue(_offset) ?? 0),
        };
        return (policy.DailyDays ?? policy.WeeklyWeeks ?? policy.MonthlyMonths ?? policy.YearlyYears) is null ? null : policy;
    }

    private static Option<int?> Count(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => (int?)Numbers.Read(result, 0, 100_000),
    };
}
