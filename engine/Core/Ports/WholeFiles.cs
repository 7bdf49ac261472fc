using Harness.Engine.Errors;

namespace Harness.Engine.Ports;

/// <summary>Small files by the writers of a target, for targets that have no faster way.</summary>
internal static class WholeFiles
{
    public static async ValueTask<IReadOnlyList<WrittenFile>> WriteEachAsync(
        IRestoreTarget target, IReadOnlyList<WholeFile> files, CancellationToken cancellationToken)
    {
        var written = new WrittenFile[files.Count];
        for (var i = 0; i < files.Count; i++)
        {
            try
            {
                written[i] = await WriteAsync(target, files[i], cancellationToken);
            }
            catch (BackupException error)
            {
                written[i] = new WrittenFile([], Error: error);
            }
        }

        return written;
    }

    private static async ValueTask<WrittenFile> WriteAsync(IRestoreTarget target, WholeFile file, CancellationToken cancellationToken)
    {
        if (file.IsNew && await target.ProbeAsync(file.Path, cancellationToken) is not null)
        {
            return new WrittenFile([], IsTaken: true);
        }

        await using var writer = await target.CreateFileAsync(file.Path, file.Metadata, cancellationToken);
        foreach (var stream in file.Streams)
        {
            await writer.BeginStreamAsync(stream.Name, stream.SizeBytes, stream.RawSizeBytes, stream.Traits, cancellationToken);
            foreach (var (offset, bytes) in stream.Pieces)
            {
                await writer.WriteAsync(offset, bytes, cancellationToken);
            }
        }

        var notes = await writer.FinishAsync(cancellationToken);
        return new WrittenFile(notes, await target.IdentifyAsync(file.Path, cancellationToken));
    }
}
