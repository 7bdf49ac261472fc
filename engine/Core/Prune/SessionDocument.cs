using Harness.Engine.Format;

namespace Harness.Engine.Prune;

/// <summary>What a writer says of itself while it works (FORMAT.md section 13).</summary>
/// <param name="Version">Format version.</param>
/// <param name="Seen">Number of the newest gc blob when it began; 0 for none.</param>
/// <param name="Purpose">Backup or undelete, for people.</param>
/// <param name="StartedAt">When it began, for people.</param>
internal sealed record SessionDocument(int Version, long Seen, string Purpose, DateTimeOffset StartedAt)
{
    public static string ContextOf(string name) => "session/" + name[BlobNames.Sessions.Length..];

    /// <summary>By hand: every run that changes something writes one, and a short run is mostly start-up.</summary>
    public byte[] Encode() => JsonMembers.Encode(this, static (json, session) =>
    {
        json.WriteNumber("version", session.Version);
        json.WriteNumber("seen", session.Seen);
        json.WriteString("purpose", session.Purpose);
        json.WriteString("startedAt", session.StartedAt);
    });

    public static SessionDocument Decode(byte[] plaintext, string name) => SealedJson.Decode(
        plaintext, DocumentJson.Default.SessionDocument, name, document => document.Version == FormatLimits.Version && document.Seen >= 0);
}
