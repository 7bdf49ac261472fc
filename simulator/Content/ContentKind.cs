namespace Harness.Simulator.Content;

/// <summary>Which generator makes the bytes.</summary>
public enum ContentKind : byte
{
    /// <summary>Uniform bytes, made compressible or duplicate as the profile asks.</summary>
    Bytes = 0,

    /// <summary>Lines of words, as a document or log would hold.</summary>
    Text = 1,

    /// <summary>Zero bytes (written, not a hole).</summary>
    Zeros = 2,
}
