using System.Security.Cryptography;
using Harness.Engine.Format;

namespace Harness.Engine.Crypto;

/// <summary>
/// AES-256-GCM under one key for any number of threads: a cipher serves one at a time and is then kept for the next, so that
/// no call pays for a key schedule or leaves garbage.
/// </summary>
internal sealed class CipherPool(byte[] key)
{
    public const int NonceBytes = 12;

    /// <summary>More workers than this at once make ciphers of their own: slow, never wrong.</summary>
    private const int SpareCount = 16;

    private readonly AesGcm?[] _spare = new AesGcm?[SpareCount];

    /// <summary>Encrypts; plaintext and ciphertext may be the same memory.</summary>
    public void Encrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associated)
    {
        var cipher = Take() ?? new AesGcm(key, FormatLimits.TagBytes);
        cipher.Encrypt(nonce, plaintext, ciphertext, tag, associated);
        Keep(cipher);
    }

    private AesGcm? Take()
    {
        for (var i = 0; i < SpareCount; i++)
        {
            if (_spare[i] is not null && Interlocked.Exchange(ref _spare[i], null) is { } cipher)
            {
                return cipher;
            }
        }

        return null;
    }

    private void Keep(AesGcm cipher)
    {
        for (var i = 0; i < SpareCount; i++)
        {
            if (_spare[i] is null && Interlocked.CompareExchange(ref _spare[i], cipher, null) is null)
            {
                return;
            }
        }

        cipher.Dispose();
    }
}
