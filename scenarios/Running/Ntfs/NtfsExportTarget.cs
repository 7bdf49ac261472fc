using Harness.Engine.Local.Ntfs;
using Harness.Engine.Model;
using Harness.Simulator.Export;

namespace Harness.Scenarios.Running.Ntfs;

/// <summary>The writer of a mounted volume as the simulator's port: the two projects do not know each other.</summary>
/// <param name="writer">Writes to the mounted volume.</param>
internal sealed class NtfsExportTarget(NtfsImageWriter writer) : IExportTarget
{
    public string? CreateDirectory(string path) => writer.CreateDirectory(path);

    public string? CreateFile(string path, bool isCompressed) => writer.CreateFile(path, isCompressed);

    public string? Link(string existing, string path) => writer.Link(existing, path);

    public string? SetLength(string path, long sizeBytes) => writer.SetLength(path, sizeBytes);

    public string? Write(string path, long offset, ReadOnlySpan<byte> content) => writer.Write(path, offset, content);

    public string? SetEncryption(string path, ReadOnlySpan<byte> info) => writer.SetEncryption(path, info);

    public string? SetAttributes(string path, uint attributes) => writer.SetAttributes(path, attributes);

    public string? SetTimes(string path, EntryTimes times) => writer.SetTimes(path, times);

    public string? SetSecurity(string path, ReadOnlySpan<byte> descriptor) => writer.SetSecurity(path, descriptor);

    public string? SetShortName(string path, string name) => writer.SetShortName(path, name);

    public string? SetObjectId(string path, ReadOnlySpan<byte> objectId) => writer.SetObjectId(path, objectId);

    public string? SetExtendedAttributes(string path, ReadOnlySpan<byte> list) => writer.SetExtendedAttributes(path, list);

    public string? SetReparse(string path, uint tag, ReadOnlySpan<byte> data) => writer.SetReparse(path, tag, data);
}
