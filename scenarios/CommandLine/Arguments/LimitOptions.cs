using System.CommandLine;
using System.CommandLine.Parsing;
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
        Description = "Send at most this much in a second: 512K, 1.5M, 10MB/s or 100Mbit/s; a bare number is KiB (default: no limit).",
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

        verb.Validators.Add(Check);
    }

    /// <summary>The vault within the limits that were asked for; the vault itself where there are none.</summary>
    public static IVault Apply(ParseResult parse, IVault vault)
    {
        var (upload, download) = Read(parse.CommandResult);
        return LimitedVault.Of(vault, upload, download, TimeProvider.System);
    }

    /// <summary>What is wrong with them is told before anything is opened, asked for or started.</summary>
    private static void Check(CommandResult command)
    {
        try
        {
            _ = Read(command);
        }
        catch (BackupException error)
        {
            command.AddError($"{error.Message} {error.Remedy}");
        }
    }

    private static (Bandwidth Upload, Bandwidth Download) Read(CommandResult command)
    {
        var hours = HoursOf(command);
        return (
            new Bandwidth(RateOf(command, Upload), hours, RateOf(command, WorkUpload)),
            new Bandwidth(RateOf(command, Download), hours, RateOf(command, WorkDownload)));
    }

    private static WorkHours? HoursOf(CommandResult command)
    {
        if (Text(command, Hours) is not { } hours)
        {
            var idle = Array.Find([Days, Zone, WorkUpload, WorkDownload], option => Text(command, option) is not null);
            return idle is null ? null : throw new BackupException(
                ErrorCode.ArgumentInvalid, $"{idle.Name} says nothing without work hours.", $"Give {Hours.Name} too.");
        }

        if (Text(command, WorkUpload) is null && Text(command, WorkDownload) is null
            && Text(command, Upload) is null && Text(command, Download) is null)
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid, $"{Hours.Name} says nothing without a limit.", $"Give {WorkUpload.Name} or {WorkDownload.Name} too.");
        }

        var zone = Named(Zone, () => ZoneOf(Text(command, Zone)));
        var days = Named(Days, () => WorkHours.ParseDays(Text(command, Days) ?? DefaultDays));
        return Named(Hours, () => WorkHours.Parse(hours, days, zone));
    }

    private static TimeZoneInfo ZoneOf(string? name) =>
        name is null ? TimeZoneInfo.Local
        : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
        : throw new BackupException(
            ErrorCode.ArgumentInvalid, $"'{name}' is no time zone of this machine.", "Give one such as UTC or Europe/Berlin.");

    private static Rate? RateOf(CommandResult command, Option<string?> option) =>
        Text(command, option) is { } text ? Named(option, () => Rate.Parse(text)) : null;

    /// <summary>What was given; an option without its value is the parser's to complain of.</summary>
    private static string? Text(CommandResult command, Option<string?> option) =>
        command.GetResult(option) is { Tokens.Count: 1 } result ? result.Tokens[0].Value : null;

    /// <summary>Says of which option an error speaks.</summary>
    private static T Named<T>(Option option, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (BackupException error)
        {
            throw new BackupException(error.Code, $"{option.Name}: {error.Message}", error.Remedy, inner: error);
        }
    }
}
