namespace Harness.Engine.Rules;

/// <summary>A document that says otherwise than a clause.</summary>
/// <param name="DocumentId">Key in the table of documents.</param>
/// <param name="Document">Its title.</param>
/// <param name="Date">Its date, as <see cref="Clause.Date"/> has it.</param>
/// <param name="Quote">Its words, short.</param>
public sealed record Contradiction(string DocumentId, string Document, string Date, string Quote);
