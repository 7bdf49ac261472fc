namespace Harness.Engine.Rules.Reading;

/// <summary>Reads the clauses of a profile and joins them with those of the profile that it extends.</summary>
internal sealed class ClauseReader(IReadOnlyDictionary<string, RuleDocument> documents)
{
    /// <summary>
    /// All clauses, those of the base in its order and new ones behind. Each may stand in one of 'restates' (another document has
    /// the same words), 'silent' (no document of this profile speaks of it) and 'clauses' (read anew); otherwise it is as before.
    /// </summary>
    public IReadOnlyList<Clause> Read(ProfileNode root, RuleProfile? parent)
    {
        var clauses = (parent?.Clauses ?? []).ToDictionary(clause => clause.Id, StringComparer.Ordinal);
        var order = clauses.Keys.ToList();
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var restated in root.Optional("restates")?.Items() ?? [])
        {
            restated.RequireOnly("document", "clauses");
            var document = Document(restated.Member("document"));
            foreach (var item in restated.Member("clauses").Items())
            {
                var clause = Take(item, clauses, told);
                clauses[clause.Id] = In(document, clause);
            }
        }

        foreach (var item in root.Optional("silent")?.Items() ?? [])
        {
            var clause = Take(item, clauses, told);
            clauses[clause.Id] = clause with
            {
                Status = ClauseStatus.Open,
                Note = $"The documents of this profile do not speak of it; the words are those of {clause.DocumentId}."
                    + (clause.Note is { } note ? " " + note : ""),
            };
        }

        foreach (var node in root.Optional("clauses")?.Items() ?? [])
        {
            var id = node.Member("id");
            var clause = ReadClause(node, clauses.GetValueOrDefault(id.Text()));
            if (!told.Add(clause.Id))
            {
                throw id.Wrong($"The clause '{clause.Id}' stands here already.");
            }

            if (!clauses.ContainsKey(clause.Id))
            {
                order.Add(clause.Id);
            }

            clauses[clause.Id] = clause;
        }

        return [.. order.Select(id => clauses[id])];
    }

    private static Clause Take(ProfileNode item, Dictionary<string, Clause> clauses, HashSet<string> told)
    {
        var id = item.Text();
        return !clauses.TryGetValue(id, out var clause) ? throw item.Wrong($"The profile that this one extends has no clause '{id}'.")
            : told.Add(id) ? clause
            : throw item.Wrong($"The clause '{id}' stands here already.");
    }

    private Clause ReadClause(ProfileNode node, Clause? before)
    {
        node.RequireOnly("id", "topic", "title", "verdict", "document", "quote", "status", "note", "contradictions");
        var id = node.Member("id");
        if (!IsId(id.Text()))
        {
            throw id.Wrong($"'{id.Text()}' is no id: lower-case words of letters, digits and '-', joined by '.', such as file.encrypted.");
        }

        var document = Document(node.Member("document"));
        return new Clause
        {
            Id = id.Text(),
            Title = node.Optional("title")?.Text() ?? before?.Title ?? node.Member("title").Text(),
            Topic = node.Optional("topic")?.Word(ProfileWords.Topics) ?? before?.Topic ?? node.Member("topic").Word(ProfileWords.Topics),
            Verdict = node.Optional("verdict")?.Text() ?? before?.Verdict,
            DocumentId = document.Id,
            Document = document.Title,
            Date = document.Date,
            Link = document.Link,
            Quote = node.Member("quote").Text(),
            Status = node.Member("status").Word(ProfileWords.Statuses),
            Note = node.Optional("note")?.Text(),
            Contradictions = [.. (node.Optional("contradictions")?.Items() ?? []).Select(item => ReadContradiction(item, document))],
        };
    }

    private Contradiction ReadContradiction(ProfileNode node, RuleDocument own)
    {
        node.RequireOnly("document", "quote");
        var document = Document(node.Member("document"));
        return document.Id != own.Id
            ? new Contradiction(document.Id, document.Title, document.Date, node.Member("quote").Text())
            : throw node.Member("document").Wrong($"The clause itself stands in {own.Id}; a document does not contradict itself here.");
    }

    private RuleDocument Document(ProfileNode node) => documents.TryGetValue(node.Text(), out var document)
        ? document
        : throw node.Wrong($"There is no document '{node.Text()}' in the table of documents.");

    private static Clause In(RuleDocument document, Clause clause) => clause with
    {
        DocumentId = document.Id,
        Document = document.Title,
        Date = document.Date,
        Link = document.Link,
        Contradictions = [.. clause.Contradictions.Where(other => other.DocumentId != document.Id)],
    };

    private static bool IsId(string id) => id.Split('.') is { Length: > 1 } parts
        && parts.All(part => part.Length > 0 && part[0] != '-' && part.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'));
}
