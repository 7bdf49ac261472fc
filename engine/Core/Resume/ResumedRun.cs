using System.Buffers.Binary;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.Resume;

/// <summary>
/// What runs that were cut off have left in the run log and is still of use: packs that are in the vault, and entries whose
/// content lies in them. Immutable.
/// </summary>
internal sealed class ResumedRun
{
    private readonly Dictionary<ulong, (KeptEntry Entry, DateTimeOffset TakenAt)> _entries = [];
    private readonly List<IndexedPack> _packs = [];

    public static ResumedRun None { get; } = new();

    public IReadOnlyList<IndexedPack> Packs => _packs;

    public int Entries => _entries.Count;

    /// <summary>The entry as an earlier attempt read it, and when its snapshot was taken.</summary>
    public (KeptEntry Entry, DateTimeOffset TakenAt)? Find(ulong fileReference) =>
        _entries.TryGetValue(fileReference, out var found) ? found : null;

    /// <summary>Reads the log; what follows another commit or other rules is left out, and so is everything after a torn frame.</summary>
    public static async ValueTask<ResumedRun> ReadAsync(
        IScratch scratch, Repository repository, string fileName, Hash256 parent, string profile, CancellationToken cancellationToken)
    {
        if (await scratch.GetLengthAsync(fileName, cancellationToken) is not { } length || length > Array.MaxLength)
        {
            return None;
        }

        var bytes = new byte[length];
        if (await scratch.ReadAsync(fileName, 0, bytes, cancellationToken) != bytes.Length)
        {
            return None;
        }

        var run = new ResumedRun();
        try
        {
            run.Read(bytes, repository, parent, profile);
        }
        catch (Exception error) when (error is InvalidDataException or BackupException { Code: ErrorCode.VaultBlobDamaged })
        {
            // A kill tears the last frame; what came before it stands.
        }

        return run;
    }

    /// <summary>
    /// This, or nothing when the vault lacks one of the packs or a prune is about to remove it: an entry may lie in any of them.
    /// </summary>
    public async ValueTask<ResumedRun> VerifiedAsync(
        Repository repository, IReadOnlySet<Hash256> unusablePacks, CancellationToken cancellationToken)
    {
        foreach (var pack in _packs)
        {
            if (unusablePacks.Contains(pack.Hash) || await repository.Vault.GetLengthAsync(BlobNames.Pack(pack.Hash), cancellationToken) != pack.LengthBytes)
            {
                return None;
            }
        }

        return this;
    }

    private void Read(byte[] bytes, Repository repository, Hash256 parent, string profile)
    {
        RunSection? section = null;
        for (var at = 0; at < bytes.Length;)
        {
            var size = at + sizeof(int) <= bytes.Length ? BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at)) : -1;
            at += sizeof(int);
            if (size < 0 || size > bytes.Length - at)
            {
                throw new InvalidDataException("a frame is torn");
            }

            var plaintext = repository.OpenSealed(
                SealedType.RunLog, RunLogFormat.Context, "run log", hash: null, bytes[at..(at + size)]);
            at += size;
            var reader = new WireReader(plaintext);
            if (reader.U8() == RunLogFormat.Section)
            {
                section = RunLogFormat.DecodeSection(ref reader);
            }
            else if (section is not null && section.Parent == parent && section.Profile == profile)
            {
                ReadBatch(ref reader, section.TakenAt);
            }
        }
    }

    private void ReadBatch(ref WireReader reader, DateTimeOffset takenAt)
    {
        _packs.AddRange(RunLogFormat.DecodePacks(ref reader));
        while (!reader.AtEnd)
        {
            var entry = RunLogFormat.DecodeEntry(ref reader);
            _entries[entry.Record.FileReference] = (entry, takenAt);
        }
    }
}
