using Harness.Engine.Format;

namespace Harness.Engine.Retention;

/// <summary>A marker that forgets or undeletes a recovery point (FORMAT.md section 12). Immutable.</summary>
/// <param name="Version">Format version.</param>
/// <param name="Sequence">Number of the recovery point.</param>
/// <param name="Number">Number among the markers of the point; odd forgets, even undeletes.</param>
/// <param name="Commit">Hash of its commit blob.</param>
/// <param name="WrittenAt">When it was forgotten or undeleted, by the engine's clock.</param>
/// <param name="Reason">Why, for people.</param>
internal sealed record DeletedDocument(int Version, long Sequence, int Number, string Commit, DateTimeOffset WrittenAt, string Reason)
{
    public static string Context(string sourceId, long sequence, int number) => BlobNames.DeletedMarker(sourceId, sequence, number);

    public static DeletedDocument Decode(byte[] plaintext, long sequence, int number, string name) => SealedJson.Decode(
        plaintext,
        DocumentJson.Default.DeletedDocument,
        name,
        document => document.Version == FormatLimits.Version && document.Sequence == sequence && document.Number == number);
}
