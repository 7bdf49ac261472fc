using Harness.Engine.Format;

namespace Harness.Engine.Retention;

/// <summary>The marker of a forgotten recovery point (FORMAT.md section 12).</summary>
/// <param name="Version">Format version.</param>
/// <param name="Sequence">Number of the recovery point.</param>
/// <param name="Commit">Hash of its commit blob.</param>
/// <param name="DeletedAt">When it was forgotten, by the engine's clock.</param>
/// <param name="Reason">Why, for people.</param>
internal sealed record DeletedDocument(int Version, long Sequence, string Commit, DateTimeOffset DeletedAt, string Reason)
{
    public static string Context(string sourceId, long sequence) => $"deleted/{sourceId}/{sequence:D10}";

    public static DeletedDocument Decode(byte[] plaintext, long sequence, string name) => SealedJson.Decode(
        plaintext, DocumentJson.Default.DeletedDocument, name, document => document.Version == FormatLimits.Version && document.Sequence == sequence);
}
