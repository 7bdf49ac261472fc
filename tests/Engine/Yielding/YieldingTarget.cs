using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Yielding;

/// <summary>
/// A restore target that really yields before each call, is only ever called on the pump's thread, and counts what is under way at
/// once. Each writer must be at one call, and no path twice, whatever its case.
/// </summary>
internal sealed class YieldingTarget(IRestoreTarget inner, SingleThreadPump pump) : IRestoreTarget
{
    private readonly HashSet<string> _underWay = new(StringComparer.OrdinalIgnoreCase);
    private int _writers;

    public int MostWriters { get; private set; }

    public string DisplayName => inner.DisplayName;

    public async ValueTask<bool> PrepareAsync(CancellationToken cancellationToken)
    {
        await HopAsync();
        return await inner.PrepareAsync(cancellationToken);
    }

    public async ValueTask<EntryKind?> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        await HopAsync();
        return await inner.ProbeAsync(path, cancellationToken);
    }

    public async ValueTask<UInt128?> IdentifyAsync(string path, CancellationToken cancellationToken)
    {
        await HopAsync();
        return await inner.IdentifyAsync(path, cancellationToken);
    }

    public async ValueTask<ISourceReader?> OpenExistingAsync(string path, string stream, CancellationToken cancellationToken)
    {
        await HopAsync();
        return await inner.OpenExistingAsync(path, stream, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<string>?> KeepFileAsync(
        string path, RestoreMetadata metadata, IReadOnlyList<RestoreStream> streams, CancellationToken cancellationToken)
    {
        await HopAsync();
        return await inner.KeepFileAsync(path, metadata, streams, cancellationToken);
    }

    public async ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        await HopAsync();
        await inner.CreateDirectoryAsync(path, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<WrittenFile>> WriteFilesAsync(
        IReadOnlyList<WholeFile> files, CancellationToken cancellationToken)
    {
        Enter([.. files.Select(file => file.Path)]);
        var written = new List<WrittenFile>();
        foreach (var file in files)
        {
            await HopAsync();
            written.AddRange(await inner.WriteFilesAsync([file], cancellationToken));
        }

        await HopAsync();
        Leave([.. files.Select(file => file.Path)]);
        return written;
    }

    public async ValueTask<IRestoreWriter> CreateFileAsync(string path, RestoreMetadata metadata, CancellationToken cancellationToken)
    {
        Enter(path);
        await HopAsync();
        return new Writer(this, path, await inner.CreateFileAsync(path, metadata, cancellationToken));
    }

    public async ValueTask<IRestoreWriter> OpenDirectoryStreamsAsync(
        string path, RestoreMetadata metadata, CancellationToken cancellationToken)
    {
        await HopAsync();
        return await inner.OpenDirectoryStreamsAsync(path, metadata, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<string>> FinishDirectoryAsync(
        string path, RestoreMetadata metadata, CancellationToken cancellationToken)
    {
        await HopAsync();
        return await inner.FinishDirectoryAsync(path, metadata, cancellationToken);
    }

    private void Enter(params string[] paths)
    {
        Assert.That(paths.All(_underWay.Add), Is.True, string.Join(' ', paths));
        MostWriters = Math.Max(MostWriters, ++_writers);
    }

    private void Leave(params string[] paths)
    {
        _writers--;
        _underWay.ExceptWith(paths);
    }

    private async ValueTask HopAsync()
    {
        pump.RequireOwnThread();
        await Task.Yield();
        pump.RequireOwnThread();
    }

    private sealed class Writer(YieldingTarget target, string path, IRestoreWriter inner) : IRestoreWriter
    {
        private bool _isBusy;

        public async ValueTask BeginStreamAsync(
            string name, long sizeBytes, long? rawSizeBytes, EntryTraits traits, CancellationToken cancellationToken)
        {
            await BeginAsync();
            await inner.BeginStreamAsync(name, sizeBytes, rawSizeBytes, traits, cancellationToken);
            _isBusy = false;
        }

        public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            await BeginAsync();
            await inner.WriteAsync(offset, content, cancellationToken);
            _isBusy = false;
        }

        public async ValueTask<IReadOnlyList<string>> FinishAsync(CancellationToken cancellationToken)
        {
            await BeginAsync();
            var notes = await inner.FinishAsync(cancellationToken);
            _isBusy = false;
            return notes;
        }

        public async ValueTask DisposeAsync()
        {
            await BeginAsync();
            await inner.DisposeAsync();
            target.Leave(path);
        }

        private async ValueTask BeginAsync()
        {
            Assert.That(_isBusy, Is.False);
            _isBusy = true;
            await target.HopAsync();
        }
    }
}
