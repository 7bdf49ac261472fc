using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>One edit of a set.</summary>
public sealed record RecipeEdit
{
    /// <summary>Where in the recipe.</summary>
    public required RecipePlace Place { get; init; }

    /// <summary>
    /// One of write, overwrite, append, insert, truncate, zero, rename, link, delete, create, touch, set-attributes, and the
    /// further actions that the schema names.
    /// </summary>
    public required string Action { get; init; }

    /// <summary>The file, or with <see cref="Pick"/> a directory.</summary>
    public required string Path { get; init; }

    /// <summary>How many files below <see cref="Path"/> the edit is done to, drawn at random; 0 means the file itself.</summary>
    public int Pick { get; init; }

    /// <summary>First byte of a write, insertion or zeroing.</summary>
    public long Offset { get; init; }

    /// <summary>Bytes to write, append, insert or zero; the new size of a truncation or of a created file.</summary>
    public long Size { get; init; }

    /// <summary>Share of the 4 KiB pages that an overwrite draws at random, in percent.</summary>
    public double Percent { get; init; }

    /// <summary>New path of a rename or link, or a short name.</summary>
    public string To { get; init; } = "";

    /// <summary>Attributes to set.</summary>
    public RecipeAttributes Attributes { get; init; }

    /// <summary>Object id to set; null makes one.</summary>
    public ObjectIdBuffer? ObjectId { get; init; }

    /// <summary>Extended attributes to set.</summary>
    public IReadOnlyList<ExtendedAttribute> ExtendedAttributes { get; init; } = [];

    /// <summary>Content written.</summary>
    public RecipeContent Content { get; init; } = new();
}
