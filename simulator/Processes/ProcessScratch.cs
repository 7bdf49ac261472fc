using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Simulator.Content;
using Harness.Simulator.Faults;
using Harness.Simulator.Scratch;

namespace Harness.Simulator.Processes;

/// <summary>The scratch location as one process reaches it: FAULT_MODEL.md section 2, "Scratch location".</summary>
/// <param name="process">Whose calls these are.</param>
/// <param name="disk">The location and what is wrong with its disk.</param>
public sealed class ProcessScratch(SimProcess process, SimScratchDisk disk) : IScratch
{
    private readonly SimScratch _inner = disk.Files;

    /// <inheritdoc/>
    public ValueTask<ScratchInfo> DescribeAsync(CancellationToken cancellationToken) =>
        CallAsync("scratch.describe", "-", _ => _inner.DescribeAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        CallAsync("scratch.list", "-", _ => _inner.ListAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken) =>
        CallAsync("scratch.length", name, _ => _inner.GetLengthAsync(name, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken) => CallAsync(
        "scratch.read",
        name,
        async fault =>
        {
            if (fault == FaultKind.LostFile)
            {
                await _inner.DeleteAsync(name, cancellationToken);
            }

            var count = await _inner.ReadAsync(name, offset, buffer, cancellationToken);
            if (fault is FaultKind.SectorError or FaultKind.SilentFlip)
            {
                disk.Spoil(name, offset, count, fault == FaultKind.SilentFlip, Mix.Of((ulong)offset, name));
            }

            return disk.Read(name, offset, buffer.Span[..count]) ? count : throw Trouble("read", name);
        },
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => await CallAsync(
        "scratch.append",
        name,
        async fault =>
        {
            if (fault == FaultKind.Full)
            {
                throw new BackupException(ErrorCode.ScratchFull, $"The scratch location has no room for '{name}' (simulated).");
            }

            await _inner.AppendAsync(name, content, cancellationToken);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask FlushAsync(string name, CancellationToken cancellationToken) => await CallAsync(
        "scratch.flush",
        name,
        async _ =>
        {
            await _inner.FlushAsync(name, cancellationToken);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken) => await CallAsync(
        "scratch.rename",
        from,
        async _ =>
        {
            await _inner.RenameAsync(from, to, cancellationToken);
            disk.Renamed(from, to);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken) => await CallAsync(
        "scratch.delete",
        name,
        async _ =>
        {
            await _inner.DeleteAsync(name, cancellationToken);
            disk.Deleted(name);
            return true;
        },
        cancellationToken);

    private static BackupException Trouble(string operation, string name) =>
        new(ErrorCode.ScratchNotWritable, $"The disk of the scratch location failed to {operation} '{name}' (simulated).");

    private ValueTask<T> CallAsync<T>(
        string operation, string name, Func<FaultKind?, ValueTask<T>> effect, CancellationToken cancellationToken) => process.CallAsync(
            operation,
            name,
            fault => fault == FaultKind.IoError ? throw Trouble(operation, name) : effect(fault),
            cancellationToken);
}
