using System.Text;

namespace Harness.Engine.Format;

/// <summary>
/// Text on the wire: UTF-8, with lone surrogates (which NTFS names may hold) in their three-byte generalized form, so that
/// every .NET string survives the round trip.
/// </summary>
internal static class WireText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Encode(string text)
    {
        try
        {
            return Strict.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            return EncodeGeneralized(text);
        }
    }

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return DecodeGeneralized(bytes);
        }
    }

    private static byte[] EncodeGeneralized(string text)
    {
        var output = new List<byte>(text.Length * 3);
        Span<byte> rune = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (Rune.TryGetRuneAt(text, i, out var value))
            {
                output.AddRange(rune[..value.EncodeToUtf8(rune)]);
                i += value.Utf16SequenceLength - 1;
            }
            else
            {
                int unit = text[i];
                output.Add((byte)(0xE0 | (unit >> 12)));
                output.Add((byte)(0x80 | ((unit >> 6) & 0x3F)));
                output.Add((byte)(0x80 | (unit & 0x3F)));
            }
        }

        return [.. output];
    }

    private static string DecodeGeneralized(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[consumed..];
            }
            else if (bytes.Length >= 3 && bytes[0] == 0xED && bytes[1] is >= 0xA0 and <= 0xBF && bytes[2] is >= 0x80 and <= 0xBF)
            {
                text.Append((char)(0xD000 | ((bytes[1] & 0x3F) << 6) | (bytes[2] & 0x3F)));
                bytes = bytes[3..];
            }
            else
            {
                throw new InvalidDataException("text is not UTF-8");
            }
        }

        return text.ToString();
    }
}
