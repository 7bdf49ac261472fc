using System.Text;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Arguments;

/// <summary>
/// Finds the passphrase: a file, the environment, or a question on a terminal. It never comes from the command line, where
/// other users of the machine can read it, and it is never printed.
/// </summary>
internal static class PassphraseReader
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "HARNESS_PASSPHRASE";

    private const int MaximumCharacters = 4096;
    private const int PollMs = 20;

    /// <summary>Reads it; PassphraseMissing, FileInaccessible, PassphraseTooShort or PassphraseNotAscii.</summary>
    public static async ValueTask<Passphrase> ReadAsync(string? file, Terminal terminal, CancellationToken cancellationToken)
    {
        if (file is not null)
        {
            return new Passphrase(ReadFile(file));
        }

        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text)
        {
            return new Passphrase(text);
        }

        return terminal.CanAsk
            ? new Passphrase(await AskAsync("Passphrase: ", terminal, cancellationToken))
            : throw new BackupException(
                ErrorCode.PassphraseMissing,
                "No passphrase was given, and there is no terminal to ask on.",
                $"Give --passphrase-file FILE, or set {Variable}.");
    }

    private static string ReadFile(string file)
    {
        try
        {
            // A byte order mark is honoured, since editors and shells of Windows write one.
            using var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            var buffer = new char[MaximumCharacters + 1];
            var length = reader.ReadBlock(buffer);
            if (length > MaximumCharacters)
            {
                throw new BackupException(
                    ErrorCode.ArgumentInvalid,
                    $"The passphrase file '{file}' is longer than {MaximumCharacters} characters.",
                    "Name a file that holds the passphrase only.");
            }

            return WithoutLineEnd(new string(buffer, 0, length));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible,
                $"The passphrase file '{file}' cannot be read: {error.Message}",
                "Name a readable file with --passphrase-file.",
                inner: error);
        }
    }

    private static string WithoutLineEnd(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;

    private static async ValueTask<string> AskAsync(string question, Terminal terminal, CancellationToken cancellationToken)
    {
        await terminal.Error.WriteAsync(question);
        var typed = new StringBuilder();
        try
        {
            while (true)
            {
                // A blocking read would swallow Ctrl-C.
                while (!Console.KeyAvailable)
                {
                    await Task.Delay(PollMs, cancellationToken);
                }

                var key = Console.ReadKey(intercept: true);
                switch (key.Key)
                {
                    case ConsoleKey.Enter:
                        return typed.ToString();
                    case ConsoleKey.Backspace when typed.Length > 0:
                        typed.Length--;
                        break;
                    default:
                        if (!char.IsControl(key.KeyChar))
                        {
                            typed.Append(key.KeyChar);
                        }

                        break;
                }
            }
        }
        finally
        {
            await terminal.Error.WriteLineAsync();
        }
    }
}
