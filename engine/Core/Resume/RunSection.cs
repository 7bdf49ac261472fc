using Harness.Engine.Format;

namespace Harness.Engine.Resume;

/// <summary>What an attempt follows.</summary>
/// <param name="Parent">Hash of the last commit; zero before the first.</param>
/// <param name="Rules">The profile, and what options set aside of it.</param>
/// <param name="TakenAt">When its snapshot was taken.</param>
internal sealed record RunSection(Hash256 Parent, string Rules, DateTimeOffset TakenAt)
{
    /// <summary>Whether what the other did may be taken over by this.</summary>
    public bool Continues(RunSection other) => Parent == other.Parent && Rules == other.Rules;
}
