namespace Harness.Engine.Format;

/// <summary>The sizes and costs that a repository is created with; fixed for its life (FORMAT.md section 3).</summary>
public sealed record RepositoryParameters
{
    /// <summary>Iterations of PBKDF2-HMAC-SHA512. The default follows OWASP's figure for SHA-512 (2023).</summary>
    public int KdfIterations { get; init; } = 210_000;

    /// <summary>
    /// Target size of a pack in bytes. 16 MiB upload about as fast as 32 MiB and take half the memory, of which a run holds
    /// three packs.
    /// </summary>
    public int PackBytes { get; init; } = 16 << 20;
}
