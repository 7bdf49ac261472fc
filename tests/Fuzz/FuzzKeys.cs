using System.Buffers.Binary;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Simulator.Kernel;
using Harness.Simulator.Scratch;
using Harness.Simulator.Vaults;

namespace Harness.Tests.Fuzz;

/// <summary>One vault's keys, known to all: whoever knows them can seal what no engine would write.</summary>
internal static class FuzzKeys
{
    /// <summary>The data source of all inputs.</summary>
    public const string Source = "0123456789abcdef0123456789abcdef";

    public static KeyRing Ring { get; } = new([.. Enumerable.Repeat((byte)7, 32)], [.. Enumerable.Repeat((byte)3, 16)]);

    public static byte[] Salt { get; } = [.. Enumerable.Repeat((byte)9, 32)];

    public static Repository Repository { get; } = new(
        new MemoryVault(),
        Ring,
        new RepositoryDocument(
            RepositoryDocument.FormatName, 1, Convert.ToHexStringLower(Ring.RepositoryId), 4096, 1 << 20, 1 << 20, DateTimeOffset.UnixEpoch),
        keyBlob: []);

    public static IRandomSource Random => new SeededRandomSource(1);

    /// <summary>A sealed blob with this plaintext.</summary>
    public static byte[] Seal(SealedType type, string context, byte[] plaintext) => SealedBlob.Seal(Ring, type, context, plaintext, Salt);

    /// <summary>A file of the scratch location that consists of sealed frames.</summary>
    public static SimScratch Frames(string file, SealedType type, string context, params byte[][] plaintexts)
    {
        var bytes = new List<byte>();
        var length = new byte[sizeof(int)];
        foreach (var plaintext in plaintexts)
        {
            var blob = Seal(type, context, plaintext);
            BinaryPrimitives.WriteInt32LittleEndian(length, blob.Length);
            bytes.AddRange([.. length, .. blob]);
        }

        return File(file, [.. bytes]);
    }

    /// <summary>A scratch location with one file.</summary>
    public static SimScratch File(string file, byte[] content)
    {
        var scratch = new SimScratch(1L << 40);
        Done(scratch.AppendAsync(file, content, default));
        return scratch;
    }

    /// <summary>What is simulated ends at once.</summary>
    public static T Done<T>(ValueTask<T> task) => task.GetAwaiter().GetResult();

    /// <summary>What is simulated ends at once.</summary>
    public static void Done(ValueTask task) => task.GetAwaiter().GetResult();
}
