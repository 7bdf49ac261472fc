using Harness.Engine.Errors;

namespace Harness.Engine.Crypto;

/// <summary>
/// A passphrase that meets the published rule: 16 characters or more, printable ASCII (clauses passphrase.length and
/// passphrase.ascii). Its text shows in no message and no <see cref="ToString"/>.
/// </summary>
public sealed class Passphrase
{
    /// <summary>Least number of characters.</summary>
    public const int MinimumCharacters = 16;

    private readonly byte[] _ascii;

    /// <summary>Checks and takes the passphrase; PassphraseTooShort or PassphraseNotAscii.</summary>
    public Passphrase(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.All(c => c is >= ' ' and <= '~'))
        {
            throw new BackupException(
                ErrorCode.PassphraseNotAscii,
                "The passphrase has a character outside printable ASCII.",
                "Choose a passphrase of letters, digits and signs of the ASCII table only.",
                "passphrase.ascii");
        }

        if (text.Length < MinimumCharacters)
        {
            throw new BackupException(
                ErrorCode.PassphraseTooShort,
                $"The passphrase has {text.Length} characters; at least {MinimumCharacters} are needed.",
                $"Choose a passphrase of {MinimumCharacters} characters or more.",
                "passphrase.length");
        }

        _ascii = System.Text.Encoding.ASCII.GetBytes(text);
    }

    internal ReadOnlySpan<byte> Bytes => _ascii;

    /// <summary>Never the text.</summary>
    public override string ToString() => "(passphrase)";
}
