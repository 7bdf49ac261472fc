namespace Harness.Scenarios.Yaml;

/// <summary>One thing wrong with a scenario document.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
public sealed record Problem(string File, int Line, int Column, string Message)
{
    /// <summary>The form that editors and terminals make clickable.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
