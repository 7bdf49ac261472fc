using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;

namespace Harness.Engine.Backup;

/// <summary>
/// Whether a manifest can hold an entry: its directory is protected too (an orphan, which only a source that moves under the
/// reader shows, would make the whole tree invalid), and its metadata keep the limits of the format.
/// </summary>
internal static class Places
{
    /// <summary>The trouble that leaves the entry out, or null.</summary>
    public static SourceReadException? WhyNone(SourceEntry entry, bool hasDirectory)
    {
        if (entry.Path.Length > 0 && !hasDirectory)
        {
            const string message = "Its folder could not be read, or was moved away meanwhile.";
            return new SourceReadException(entry.Path, SourceFault.Vanished, message);
        }

        if (entry.Security.Bytes.Length > FormatLimits.TextBytes || entry.EncryptionInfo.Length > FormatLimits.TextBytes)
        {
            const string message = "Its access control or encryption information is longer than 64 KiB.";
            return new SourceReadException(entry.Path, SourceFault.ReadError, message);
        }

        return null;
    }
}
