using System.CommandLine;

namespace Harness.Scenarios.CommandLine.Arguments;

/// <summary>The options that several verbs have, spelled and explained once.</summary>
internal static class SharedOptions
{
    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Print the stack trace of an internal error.",
        Recursive = true,
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON document to standard output, errors too; progress goes to standard error.",
    };

    public static Option<string?> Profile { get; } = new("--profile")
    {
        Description = "Rule profile (default: dpm-classic-2018).",
        HelpName = "P",
    };

    public static Option<string> Vault { get; } = new("--vault")
    {
        Description = "Vault: memory | dir:PATH | simulated | azurite | http(s)://HOST/ACCOUNT/CONTAINER | https://ACCOUNT.blob.../CONTAINER.",
        HelpName = "V",
        Required = true,
    };

    public static Option<bool> DryRun { get; } = new("--dry-run")
    {
        Description = "Say what would happen and change nothing.",
    };

    public static Option<string?> Name { get; } = new("--name")
    {
        Description = "Name of the data source in the vault.",
        HelpName = "N",
    };

    public static Option<string?> PassphraseFile { get; } = new("--passphrase-file")
    {
        Description = "File that holds the passphrase (16 characters of ASCII or more). Without it HARNESS_PASSPHRASE is taken, "
            + "and without that it is asked for on a terminal.",
        HelpName = "F",
    };
}
