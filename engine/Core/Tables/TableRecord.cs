namespace Harness.Engine.Tables;

/// <summary>A key and what a table says of it: a payload, or that it is deleted. Not to be altered.</summary>
internal readonly record struct TableRecord
{
    private TableRecord(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> payload, bool isDeleted)
    {
        Key = key;
        Payload = payload;
        IsDeleted = isDeleted;
    }

    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>Empty when deleted.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    public bool IsDeleted { get; }

    public static TableRecord Put(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> payload) => new(key, payload, isDeleted: false);

    public static TableRecord Deleted(ReadOnlyMemory<byte> key) => new(key, default, isDeleted: true);
}
