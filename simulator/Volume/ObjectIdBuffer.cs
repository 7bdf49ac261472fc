namespace Harness.Simulator.Volume;

/// <summary>The object id of a file with its birth information (FILE_OBJECTID_BUFFER, MS-FSCC 2.1.3).</summary>
/// <param name="ObjectId">The id, unique on its volume.</param>
/// <param name="BirthVolumeId">Object id of the volume on which the file was when it got the id.</param>
/// <param name="BirthObjectId">The id that it got then.</param>
/// <param name="DomainId">Always zero in use.</param>
public sealed record ObjectIdBuffer(Guid ObjectId, Guid BirthVolumeId = default, Guid BirthObjectId = default, Guid DomainId = default)
{
    /// <summary>Length of the form on disk.</summary>
    public const int LengthBytes = 64;

    /// <summary>Reads the form on disk: 64 bytes, or the id alone, 16.</summary>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public static ObjectIdBuffer Parse(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        16 => new ObjectIdBuffer(new Guid(bytes)),
        LengthBytes => new ObjectIdBuffer(
            new Guid(bytes[..16]), new Guid(bytes[16..32]), new Guid(bytes[32..48]), new Guid(bytes[48..])),
        _ => throw new ArgumentException($"An object id has 16 bytes, or {LengthBytes} with its birth, not {bytes.Length}.", nameof(bytes)),
    };

    /// <summary>The form on disk.</summary>
    public byte[] ToBytes() =>
        [.. ObjectId.ToByteArray(), .. BirthVolumeId.ToByteArray(), .. BirthObjectId.ToByteArray(), .. DomainId.ToByteArray()];
}
