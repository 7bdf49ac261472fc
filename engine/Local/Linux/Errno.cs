using System.Runtime.InteropServices;
using Harness.Engine.Errors;

namespace Harness.Engine.Local.Linux;

/// <summary>Error numbers of Linux (the same on x64 and arm64) and what they mean for an entry of a source.</summary>
internal static class Errno
{
    internal const int Perm = 1;
    internal const int NoEntry = 2;
    internal const int Interrupted = 4;
    internal const int IO = 5;
    internal const int NoDevice = 6;
    internal const int TooBig = 7;
    internal const int WouldBlock = 11;
    internal const int Access = 13;
    internal const int Busy = 16;
    internal const int Exists = 17;
    internal const int NotDirectory = 20;
    internal const int IsDirectory = 21;
    internal const int Invalid = 22;
    internal const int TextBusy = 26;
    internal const int NoSpace = 28;
    internal const int ReadOnlyFileSystem = 30;
    internal const int Range = 34;
    internal const int NameTooLong = 36;
    internal const int NoSystemCall = 38;
    internal const int Loop = 40;
    internal const int NoData = 61;
    internal const int IllegalSequence = 84;
    internal const int NotSupported = 95;
    internal const int Stale = 116;
    internal const int QuotaExceeded = 122;
    internal const int NoKey = 126;

    /// <summary>The error number of the call made last on this thread.</summary>
    internal static int Last => Marshal.GetLastPInvokeError();

    /// <summary>The system's words for an error number.</summary>
    internal static string Describe(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    /// <summary>An error number met at an entry of a source, as the engine reports it.</summary>
    internal static SourceReadException ToSourceError(int errno, string path, string doing) =>
        new(path, ToFault(errno), $"{doing} '{path}': {Describe(errno)}.");

    /// <summary>Which kind of trouble an error number is.</summary>
    internal static SourceFault ToFault(int errno) => errno switch
    {
        Perm or Access or NoKey => SourceFault.AccessDenied,
        Busy or TextBusy => SourceFault.Locked,
        // ELOOP: the last component became a symbolic link; ENOTDIR: a parent became something else; ENXIO: a socket.
        NoEntry or NotDirectory or Loop or Stale or NoDevice => SourceFault.Vanished,
        IllegalSequence or NameTooLong => SourceFault.NameInvalid,
        _ => SourceFault.ReadError,
    };
}
