using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Simulator.Content;

namespace Harness.Perf.Micro;

/// <summary>What the suites work on: fixed keys and generated content.</summary>
internal static class Fixture
{
    public const int RangeBytes = FormatLimits.RangeBytes;

    public static KeyRing Keys() => new(Bytes(KeyRing.KeyBytes, ContentProfile.Random), Bytes(16, ContentProfile.Random));

    public static byte[] Bytes(int count, ContentProfile profile, ulong seed = 1)
    {
        var bytes = new byte[count];
        ContentGenerator.Fill(profile, seed, 0, bytes);
        return bytes;
    }

    public static Hash256 Id(ulong number) => new(Bytes(Hash256.Size, ContentProfile.Random, number));
}
