using System.Globalization;

namespace Harness.Engine.Rules.Reading;

/// <summary>Reads the table of documents that all profiles share.</summary>
internal static class DocumentTableReader
{
    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyy-MM", "yyyy"];

    public static IReadOnlyDictionary<string, RuleDocument> Read(ProfileText text)
    {
        var root = text.Parse();
        root.RequireOnly("documents");
        var documents = new Dictionary<string, RuleDocument>(StringComparer.Ordinal);
        foreach (var node in root.Member("documents").Items())
        {
            node.RequireOnly("id", "title", "date", "link");
            var date = node.Member("date");
            if (date.Text() != "undated"
                && !DateTime.TryParseExact(date.Text(), DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            {
                throw date.Wrong($"'{date.Text()}' is no date: write 2018-08-02, 2018-08, 2018 or undated.");
            }

            var document = new RuleDocument(
                node.Member("id").Text(), node.Member("title").Text(), date.Text(), node.Member("link").Text());
            if (!documents.TryAdd(document.Id, document))
            {
                throw node.Member("id").Wrong($"The document '{document.Id}' stands here already.");
            }
        }

        return documents;
    }
}
