using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;

namespace Harness.Engine.Repositories;

/// <summary>An opened repository: a vault and the keys to it.</summary>
internal sealed class Repository(IVault vault, KeyRing keys, RepositoryDocument document, byte[] keyBlob, bool isRemembered = false)
{
    public IVault Vault { get; } = vault;

    public KeyRing Keys { get; } = keys;

    public RepositoryDocument Document { get; } = document;

    /// <summary>The key document that it was opened by, as it is in the vault.</summary>
    public byte[] KeyBlob { get; } = keyBlob;

    /// <summary>Whether the scratch location remembers that document.</summary>
    public bool IsRemembered { get; } = isRemembered;

    /// <summary>Seals and creates a blob whose name is the hash of its bytes.</summary>
    public async ValueTask<Hash256> CreateSealedAsync(
        SealedType type,
        string context,
        Func<Hash256, string> nameOf,
        byte[] plaintext,
        IRandomSource random,
        CancellationToken cancellationToken)
    {
        var blob = Seal(type, context, plaintext, random);
        var hash = Hash256.Of(blob);
        await CreateByHashAsync(nameOf(hash), blob, cancellationToken);
        return hash;
    }

    public byte[] Seal(SealedType type, string context, byte[] plaintext, IRandomSource random)
    {
        Span<byte> salt = stackalloc byte[KeyRing.SaltBytes];
        random.Fill(salt);
        return SealedBlob.Seal(Keys, type, context, plaintext, salt);
    }

    /// <summary>Creates a blob named by its hash; one that exists already must be of the same length.</summary>
    public async ValueTask CreateByHashAsync(string name, ReadOnlyMemory<byte> blob, CancellationToken cancellationToken)
    {
        if (await Vault.CreateAsync(name, blob, cancellationToken))
        {
            return;
        }

        var length = await Vault.GetLengthAsync(name, cancellationToken);
        if (length != blob.Length)
        {
            throw Damage.In(name, $"it exists with {length} bytes where {blob.Length} belong");
        }
    }

    /// <summary>Reads a sealed blob; when its name is a hash, checks that first.</summary>
    public async ValueTask<byte[]> ReadSealedAsync(
        SealedType type, string context, string name, Hash256? hash, CancellationToken cancellationToken)
    {
        var blob = await Vault.ReadAsync(name, FormatLimits.SealedBlobBytes, cancellationToken);
        return OpenSealed(type, context, name, hash, blob);
    }

    public byte[] OpenSealed(SealedType type, string context, string name, Hash256? hash, byte[] blob)
    {
        if (hash is { } expected && Hash256.Of(blob) != expected)
        {
            throw Damage.In(name, "its bytes do not hash to its name");
        }

        return SealedBlob.Open(Keys, type, context, blob, name);
    }

    public static BackupException Missing(string name) => new(
        ErrorCode.VaultBlobMissing,
        $"Blob '{name}' is not in the vault although something refers to it.",
        "Run 'check' to see which recovery points suffer; restore the others.");
}
