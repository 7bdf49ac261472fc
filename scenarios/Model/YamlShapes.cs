namespace Harness.Scenarios.Model;

/// <summary>The type may also be written as a plain list or single value, which then is the named property.</summary>
/// <param name="property">Name of the property, a list of texts.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ListFormAttribute(string property) : Attribute
{
    /// <summary>The property that a plain list or single value stands for.</summary>
    public string Property { get; } = property;
}

/// <summary>
/// Exactly one property of the type is set; the plain word of a key stands for that key with an empty mapping, so that
/// <c>backup</c> means <c>backup: {}</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OneOfAttribute : Attribute
{
}
