namespace Harness.Engine.Errors;

/// <summary>
/// An error that a person can act on. The message says what happened and where, <see cref="Remedy"/> what to do.
/// Neither ever holds a passphrase, key or credential. Children carry facts that a program decides by.
/// </summary>
public class BackupException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="code">Stable code.</param>
    /// <param name="message">What happened and where, one sentence or two.</param>
    /// <param name="remedy">What the reader can do, or null where nothing is to be done.</param>
    /// <param name="clause">Id of the rule clause that decided, or null.</param>
    /// <param name="inner">The cause, or null.</param>
    public BackupException(
        ErrorCode code, string message, string? remedy = null, string? clause = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Remedy = remedy;
        Clause = clause;
    }

    /// <summary>The stable code.</summary>
    public ErrorCode Code { get; }

    /// <summary>What the reader can do, or null.</summary>
    public string? Remedy { get; }

    /// <summary>Id of the rule clause that decided, or null.</summary>
    public string? Clause { get; }
}
