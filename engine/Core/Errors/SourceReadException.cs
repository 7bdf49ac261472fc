namespace Harness.Engine.Errors;

/// <summary>Why one entry of the source could not be read.</summary>
public enum SourceFault
{
    /// <summary>The operating system denied access.</summary>
    AccessDenied,

    /// <summary>Another process holds the entry.</summary>
    Locked,

    /// <summary>The entry disappeared between listing and reading.</summary>
    Vanished,

    /// <summary>The device reported an error.</summary>
    ReadError,

    /// <summary>The entry changed while it was read, so that its bytes do not belong together.</summary>
    ChangedWhileRead,

    /// <summary>The name cannot be represented.</summary>
    NameInvalid,
}

/// <summary>
/// Thrown by a source port for trouble with one entry. It never stops a job: the engine reports the entry as failed and
/// goes on (Azure Backup: a job "completed with warnings").
/// </summary>
public sealed class SourceReadException : Exception
{
    /// <summary>Creates the error.</summary>
    public SourceReadException(string path, SourceFault fault, string message, Exception? inner = null)
        : base(message, inner)
    {
        Path = path;
        Fault = fault;
    }

    /// <summary>Path relative to the source, with '/'; a stream as <c>path:stream</c>.</summary>
    public string Path { get; }

    /// <summary>Kind of trouble.</summary>
    public SourceFault Fault { get; }
}
