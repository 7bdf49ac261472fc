namespace Harness.Engine.Rules;

/// <summary>One published document that clauses stand in; all profiles share one table of them.</summary>
/// <param name="Id">Key, such as D20.</param>
/// <param name="Title">Title for people.</param>
/// <param name="Date">Date in ISO form, a year alone where no day is known, or "undated".</param>
/// <param name="Link">Where it was read: repository, path and commit, or an address.</param>
public sealed record RuleDocument(string Id, string Title, string Date, string Link);
