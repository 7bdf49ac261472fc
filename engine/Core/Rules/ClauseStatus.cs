namespace Harness.Engine.Rules;

/// <summary>How sure a clause is.</summary>
public enum ClauseStatus
{
    /// <summary>A published document says so.</summary>
    Documented,

    /// <summary>The documents imply it, or are silent and a named option of the profile chose.</summary>
    Inferred,

    /// <summary>Nothing settles it.</summary>
    Open,
}
