using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Perf.Scale;

/// <summary>A restore target that takes everything and keeps nothing but a count: what is measured is the engine's way to it.</summary>
internal sealed class NullTarget : IRestoreTarget
{
    /// <summary>Bytes of content that were written to it.</summary>
    public long WrittenBytes { get; private set; }

    public string DisplayName => "nowhere";

    public ValueTask<bool> PrepareAsync(CancellationToken cancellationToken) => ValueTask.FromResult(false);

    public ValueTask<EntryKind?> ProbeAsync(string path, CancellationToken cancellationToken) =>
        ValueTask.FromResult<EntryKind?>(path.Length == 0 ? EntryKind.Directory : null);

    public ValueTask<UInt128?> IdentifyAsync(string path, CancellationToken cancellationToken) => ValueTask.FromResult<UInt128?>(null);

    public ValueTask<ISourceReader?> OpenExistingAsync(string path, string stream, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ISourceReader?>(null);

    public ValueTask<IReadOnlyList<string>?> KeepFileAsync(
        string path, RestoreMetadata metadata, IReadOnlyList<RestoreStream> streams, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<string>?>(null);

    public ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken) => default;

    public ValueTask<IRestoreWriter> CreateFileAsync(string path, RestoreMetadata metadata, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IRestoreWriter>(new Writer(this));

    public ValueTask<IRestoreWriter> OpenDirectoryStreamsAsync(
        string path, RestoreMetadata metadata, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IRestoreWriter>(new Writer(this));

    public ValueTask<IReadOnlyList<string>> FinishDirectoryAsync(
        string path, RestoreMetadata metadata, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>([]);

    private sealed class Writer(NullTarget target) : IRestoreWriter
    {
        public ValueTask BeginStreamAsync(
            string name, long sizeBytes, long? rawSizeBytes, EntryTraits traits, CancellationToken cancellationToken) => default;

        public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            target.WrittenBytes += content.Length;
            return default;
        }

        public ValueTask<IReadOnlyList<string>> FinishAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<string>>([]);

        public ValueTask DisposeAsync() => default;
    }
}
