using System.Security.Cryptography;
using System.Text;
using Harness.Engine.Format;

namespace Harness.Engine.Crypto;

/// <summary>Wraps and unwraps the master key under a passphrase (FORMAT.md section 3).</summary>
internal static class MasterKeyWrap
{
    public const int NonceBytes = 12;

    /// <summary>Derives the key that the master key is wrapped under: slow by intent.</summary>
    public static byte[] KeyEncryptionKey(Passphrase passphrase, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(passphrase.Bytes, salt, iterations, HashAlgorithmName.SHA512, KeyRing.KeyBytes);

    public static byte[] Wrap(byte[] master, byte[] keyEncryptionKey, byte[] nonce, byte[] repositoryId, Hash256 repo)
    {
        var wrapped = new byte[master.Length + FormatLimits.TagBytes];
        using var cipher = new AesGcm(keyEncryptionKey, FormatLimits.TagBytes);
        cipher.Encrypt(
            nonce, master, wrapped.AsSpan(0, master.Length), wrapped.AsSpan(master.Length), AssociatedData(repositoryId, repo));
        return wrapped;
    }

    /// <summary>The master key, or null when the passphrase is not the one.</summary>
    public static byte[]? Unwrap(byte[] wrapped, byte[] keyEncryptionKey, byte[] nonce, byte[] repositoryId, Hash256 repo)
    {
        var master = new byte[wrapped.Length - FormatLimits.TagBytes];
        using var cipher = new AesGcm(keyEncryptionKey, FormatLimits.TagBytes);
        try
        {
            cipher.Decrypt(
                nonce, wrapped.AsSpan(0, master.Length), wrapped.AsSpan(master.Length), master, AssociatedData(repositoryId, repo));
            return master;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] AssociatedData(byte[] repositoryId, Hash256 repo)
    {
        Span<byte> hash = stackalloc byte[Hash256.Size];
        repo.CopyTo(hash);
        return [.. Encoding.ASCII.GetBytes("harness/1/key"), .. repositoryId, .. hash];
    }
}
