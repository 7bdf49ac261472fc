using System.Buffers.Binary;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.RecoveryPoints;

/// <summary>
/// The recovery points of one source that the scratch location remembers, so that a list reads from the vault what is new.
/// Sealed frames, each by itself, in one file; losing or tearing it costs requests only. One logical thread.
/// </summary>
internal sealed class KnownPoints(IScratch scratch, Repository repository, IRandomSource random, string sourceId)
{
    private const string Context = "points";
    private const int MostBytes = 256 << 20;
    private const int PointsPerFrame = 4096;

    private bool _isTorn;

    private string FileName => $"points-{sourceId}";

    /// <summary>What is remembered, by number; what cannot be read is left out.</summary>
    public async ValueTask<Dictionary<long, KnownPoint>> ReadAsync(CancellationToken cancellationToken)
    {
        var points = new Dictionary<long, KnownPoint>();
        var length = await scratch.GetLengthAsync(FileName, cancellationToken) ?? 0;
        if (length > MostBytes)
        {
            _isTorn = true;
            return points;
        }

        var bytes = new byte[length];
        var read = await scratch.ReadAsync(FileName, 0, bytes, cancellationToken);
        try
        {
            Decode(bytes.AsSpan(0, read), points);
        }
        catch (Exception error) when (error is InvalidDataException or BackupException { Code: ErrorCode.VaultBlobDamaged })
        {
            _isTorn = true;
        }

        return points;
    }

    /// <summary>Remembers more. What was torn is written anew, with all that is known.</summary>
    public async ValueTask AddAsync(
        IReadOnlyCollection<KnownPoint> added, IReadOnlyDictionary<long, KnownPoint> all, CancellationToken cancellationToken)
    {
        if (added.Count == 0)
        {
            return;
        }

        try
        {
            if (_isTorn)
            {
                await scratch.DeleteAsync(FileName, cancellationToken);
            }

            foreach (var chunk in (_isTorn ? all.Values : added).Chunk(PointsPerFrame))
            {
                await scratch.AppendAsync(FileName, Encode(chunk), cancellationToken);
            }
        }
        catch (BackupException)
        {
            // The next list reads them again.
        }
    }

    private byte[] Encode(KnownPoint[] points)
    {
        var output = new WireWriter();
        foreach (var point in points)
        {
            point.Write(output);
        }

        var blob = repository.Seal(SealedType.KnownPoints, Context, output.ToArray(), random);
        var frame = new byte[sizeof(int) + blob.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, blob.Length);
        blob.CopyTo(frame, sizeof(int));
        return frame;
    }

    private void Decode(ReadOnlySpan<byte> bytes, Dictionary<long, KnownPoint> points)
    {
        while (!bytes.IsEmpty)
        {
            var size = bytes.Length >= sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : -1;
            if (size < 0 || size > bytes.Length - sizeof(int))
            {
                throw new InvalidDataException("a frame is torn");
            }

            var reader = new WireReader(repository.OpenSealed(
                SealedType.KnownPoints, Context, FileName, hash: null, bytes.Slice(sizeof(int), size).ToArray()));
            while (!reader.AtEnd)
            {
                var point = KnownPoint.Read(ref reader);
                points[point.Sequence] = point;
            }

            bytes = bytes[(sizeof(int) + size)..];
        }
    }
}
