using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Engine.Limits;
using Harness.Engine.Ports;

namespace Harness.Scenarios.CommandLine.Arguments;

/// <summary>The options that hold a command back: how fast it may send and receive, and when.</summary>
internal static class LimitOptions
{
    private const string DefaultDays = "mon-fri";

    private static readonly Option<string?> Upload = new("--limit-upload")
    {
        Description = "Send at most this much: KiB in a second, or a number with K, M or G (default: no limit).",
        HelpName = "RATE",
    };

    private static readonly Option<string?> Download = new("--limit-download")
    {
        Description = "Receive at most this much, given likewise.",
        HelpName = "RATE",
    };

    private static readonly Option<string?> Hours = new("--work-hours")
    {
        Description = "Hours in which the --work-limit options count instead, such as 09:00-18:00; 22:00-06:00 goes past midnight.",
        HelpName = "FROM-TO",
    };

    private static readonly Option<string?> Days = new("--work-days")
    {
        Description = "Days on which work hours begin (default: mon-fri).",
        HelpName = "DAYS",
    };

    private static readonly Option<string?> Zone = new("--work-zone")
    {
        Description = "Time zone of the work hours, such as Europe/Berlin (default: the machine's).",
        HelpName = "ZONE",
    };

    private static readonly Option<string?> WorkUpload = new("--work-limit-upload")
    {
        Description = "As --limit-upload, within work hours (default: no limit).",
        HelpName = "RATE",
    };

    private static readonly Option<string?> WorkDownload = new("--work-limit-download")
    {
        Description = "As --limit-download, within work hours (default: no limit).",
        HelpName = "RATE",
    };

    /// <summary>Gives a verb all of them.</summary>
    public static void AddTo(Command verb)
    {
        foreach (var option in new[] { Upload, Download, Hours, Days, Zone, WorkUpload, WorkDownload })
        {
            verb.Add(option);
        }
    }

    /// <summary>The vault within the limits that were asked for; the vault itself where there are none.</summary>
    public static IVault Apply(ParseResult parse, IVault vault)
    {
        var hours = HoursOf(parse);
        return LimitedVault.Of(
            vault,
            new Bandwidth(RateOf(parse, Upload), hours, RateOf(parse, WorkUpload)),
            new Bandwidth(RateOf(parse, Download), hours, RateOf(parse, WorkDownload)),
            TimeProvider.System);
    }

    private static WorkHours? HoursOf(ParseResult parse)
    {
        if (parse.GetValue(Hours) is { } hours)
        {
            return WorkHours.Parse(hours, parse.GetValue(Days) ?? DefaultDays, ZoneOf(parse.GetValue(Zone)));
        }

        foreach (var option in new[] { Days, Zone, WorkUpload, WorkDownload })
        {
            if (parse.GetValue(option) is not null)
            {
                throw new BackupException(
                    ErrorCode.ArgumentInvalid, $"{option.Name} says nothing without work hours.", $"Give {Hours.Name} too.");
            }
        }

        return null;
    }

    private static TimeZoneInfo ZoneOf(string? name)
    {
        if (name is null)
        {
            return TimeZoneInfo.Local;
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : throw new BackupException(
                ErrorCode.ArgumentInvalid, $"'{name}' is no time zone of this machine.", "Give one such as UTC or Europe/Berlin.");
    }

    private static Rate? RateOf(ParseResult parse, Option<string?> option)
    {
        if (parse.GetValue(option) is not { } text)
        {
            return null;
        }

        try
        {
            return Rate.Parse(text);
        }
        catch (BackupException error)
        {
            throw new BackupException(error.Code, $"{option.Name}: {error.Message}", error.Remedy);
        }
    }
}
