using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;

namespace Harness.Engine.Repositories;

/// <summary>A small sealed file of a scratch location that says which others count: read as a whole, and replaced as a whole.</summary>
/// <param name="Name">Name of the file.</param>
/// <param name="Type">What is sealed in it.</param>
/// <param name="Context">What binds it to its place.</param>
/// <param name="MostBytes">A longer one is not read.</param>
internal readonly record struct ScratchHead(string Name, SealedType Type, string Context, int MostBytes)
{
    /// <summary>Reads and decodes it, or null when there is none that can be used.</summary>
    public async ValueTask<T?> TryReadAsync<T>(
        IScratch scratch, Repository repository, Func<byte[], T> decode, CancellationToken cancellationToken)
        where T : class
    {
        if (await WholeFile.TryReadAsync(scratch, Name, MostBytes, cancellationToken) is not { } blob)
        {
            return null;
        }

        try
        {
            return decode(SealedBlob.Open(repository.Keys, Type, Context, blob, Name));
        }
        catch (Exception error) when (error is InvalidDataException or BackupException { Code: ErrorCode.VaultBlobDamaged })
        {
            return null;
        }
    }

    /// <summary>Puts another in its place. What is not flushed may be lost or torn in a crash, and then cannot be used.</summary>
    public ValueTask WriteAsync(
        IScratch scratch, Repository repository, byte[] plaintext, IRandomSource random, bool flush, CancellationToken cancellationToken) =>
        WholeFile.ReplaceAsync(scratch, Name, repository.Seal(Type, Context, plaintext, random), flush, cancellationToken);
}
