using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Harness.Scenarios.CommandLine.Verbs;

namespace Harness.Scenarios.CommandLine;

/// <summary>The library's help, followed by examples, exit codes, and at the root the environment.</summary>
internal sealed class TeachingHelp(HelpAction inner, IReadOnlyList<string> rootExamples) : SynchronousCommandLineAction
{
    private const int RedirectedWidth = 110;

    private static readonly (string Name, string Meaning)[] Environment =
    [
        ("HARNESS_PASSPHRASE", "the passphrase, where no --passphrase-file is given"),
        ("HARNESS_DEBUG=1", "print stack traces of internal errors, as --verbose does"),
        ("NO_COLOR", "no colours"),
        ("AZURE_STORAGE_CONNECTION_STRING", "opens an Azure vault; else AZURE_STORAGE_SAS_TOKEN, AZURE_STORAGE_KEY, a signed-in identity"),
        ("HARNESS_AZURITE_DIR", "an installed Azurite (the folder that holds node_modules), in place of our own"),
        ("HARNESS_NODE", "the Node.js program that runs Azurite"),
        ("XDG_CACHE_HOME", "where the default scratch location and Azurite are kept (default: ~/.cache)"),
    ];

    /// <summary>Who asks for help need not have given the rest.</summary>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        if (Console.IsOutputRedirected)
        {
            inner.MaxWidth = RedirectedWidth;
        }

        var result = inner.Invoke(parseResult);
        var command = parseResult.CommandResult.Command;
        var output = parseResult.InvocationConfiguration.Output;
        WriteExamples(output, (command as Verb)?.Examples ?? rootExamples);
        output.WriteLine("Exit codes:");
        foreach (var (code, meaning) in ExitCodes.All)
        {
            output.WriteLine($"  {code,2}  {meaning}");
        }

        if (command is RootCommand)
        {
            output.WriteLine();
            output.WriteLine("Environment:");
            foreach (var (name, meaning) in Environment)
            {
                output.WriteLine($"  {name,-31}  {meaning}");
            }
        }

        return result;
    }

    private static void WriteExamples(TextWriter output, IReadOnlyList<string> examples)
    {
        output.WriteLine(examples.Count == 1 ? "Example:" : "Examples:");
        foreach (var example in examples)
        {
            output.WriteLine("  " + example);
        }

        output.WriteLine();
    }
}
