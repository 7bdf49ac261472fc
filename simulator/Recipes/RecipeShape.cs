namespace Harness.Simulator.Recipes;

/// <summary>Form of one field of a recipe.</summary>
internal enum FieldForm
{
    Text,
    Whole,
    Fraction,
    Size,
    Flag,
    Choice,
    Choices,
    Texts,
    Sizes,
    Object,
    Objects,
    ObjectsByName,
}

/// <summary>One field: what the reader accepts and what the schema says come from the same line.</summary>
internal sealed record FieldShape(
    string Name, FieldForm Form, string Help, string[]? Values = null, ObjectShape? Item = null, bool IsRequired = false);

/// <summary>One kind of object of a recipe and its fields.</summary>
internal sealed record ObjectShape(string Name, FieldShape[] Fields)
{
    public FieldShape? Find(string name) => Array.Find(Fields, field => field.Name == name);
}
