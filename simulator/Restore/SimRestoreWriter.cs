using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Restore;

/// <summary>Writes one file under a temporary name and renames it when it is complete.</summary>
internal sealed class SimRestoreWriter : IRestoreWriter
{
    /// <summary>Holds raw ciphertext until the stream is complete.</summary>
    private const string RawStream = "~raw";
    private const int BlockBytes = 256 * 1024;

    private static readonly (StreamFlags Flag, VolumeFeatures Feature, string Word)[] Storage =
    [
        (StreamFlags.Sparse, VolumeFeatures.SparseFiles, "sparse storage"),
        (StreamFlags.Compressed, VolumeFeatures.Compression, "compression"),
        (StreamFlags.Encrypted, VolumeFeatures.Encryption, "encryption"),
    ];

    private readonly SimVolume _volume;
    private readonly string _path;
    private readonly string _final;
    private readonly string _knownPath;
    private readonly RestoreMetadata _metadata;
    private readonly VolumeView? _known;
    private readonly List<string> _notes = [];
    private string _stream = "";
    private long _size;
    private bool _isRaw;
    private bool _finished;

    public SimRestoreWriter(
        SimVolume volume, string path, string final, string knownPath, RestoreMetadata metadata, VolumeView? known)
    {
        _volume = volume;
        _path = path;
        _final = final;
        _knownPath = knownPath;
        _metadata = metadata;
        _known = known;
    }

    private bool IsTemporary => !ReferenceEquals(_path, _final);

    public ValueTask BeginStreamAsync(
        string name, long sizeBytes, long? rawSizeBytes, EntryTraits traits, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return SimTargetErrors.Translate(_knownPath, () => Begin(name, sizeBytes, rawSizeBytes, traits));
    }

    private ValueTask Begin(string name, long sizeBytes, long? rawSizeBytes, EntryTraits traits)
    {
        EndStream();
        _stream = name;
        _size = sizeBytes;
        _isRaw = rawSizeBytes is not null;
        var path = Name(name);
        if (name.Length > 0)
        {
            _volume.CreateStream(path);
        }

        var flags = FlagsOf(traits);
        if ((flags & StreamFlags.Compressed) != StreamFlags.None && _volume.Settings.ClusterBytes > 4096)
        {
            flags &= ~StreamFlags.Compressed;
            _notes.Add("compression, which clusters above 4 KiB do not allow");
        }

        foreach (var (flag, feature, word) in Storage)
        {
            if ((flags & flag) != StreamFlags.None && (_volume.Settings.Features & feature) == VolumeFeatures.None)
            {
                flags &= ~flag;
                _notes.Add($"{word}, which {FileSystems.NameOf(_volume.Settings)} does not have");
            }
        }

        _volume.ForceState(path, flags);
        _volume.SetEndOfFile(path, sizeBytes);
        if (_isRaw)
        {
            _volume.CreateStream($"{_path}:{RawStream}");
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_isRaw)
        {
            _volume.Write($"{_path}:{RawStream}", offset, content.Span);
        }
        else
        {
            WritePlain(offset, content.Span);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<string>> FinishAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(SimTargetErrors.Translate(_knownPath, Finish));

    private IReadOnlyList<string> Finish()
    {
        EndStream();
        if (IsTemporary)
        {
            if (_volume.Find(_final) is not null)
            {
                _volume.SetAttributes(_final, FileAttributes.Normal);
                _volume.Delete(_final);
            }

            _volume.Rename(_path, _final);
            _notes.AddRange(ApplyMetadata(_volume, _final, _metadata));
        }

        _finished = true;
        return _notes;
    }

    public ValueTask DisposeAsync()
    {
        if (!_finished && IsTemporary)
        {
            _finished = true;
            _volume.Delete(_path);
        }

        return ValueTask.CompletedTask;
    }

    internal static IReadOnlyList<string> ApplyMetadata(SimVolume volume, string path, RestoreMetadata metadata)
    {
        var notes = new List<string>();
        if (metadata.Security.Kind == SecurityKind.None || (volume.Settings.Features & VolumeFeatures.Security) != VolumeFeatures.None)
        {
            volume.SetSecurity(path, metadata.Security);
        }
        else
        {
            notes.Add($"access control, which {FileSystems.NameOf(volume.Settings)} does not have");
        }

        volume.SetAttributes(path, (FileAttributes)metadata.Attributes);
        if (metadata.Kind == EntryKind.Directory)
        {
            volume.ForceState(path, VolumeView.StreamFlagsOf((FileAttributes)metadata.Attributes));
        }

        volume.SetTimes(path, metadata.Times);
        return notes;
    }

    /// <summary>Whether a stream is stored as this class would have made it: no more allocated where holes are to be kept.</summary>
    internal static bool IsStoredAs(VolumeStream there, RestoreStream stream) =>
        there.SizeBytes == stream.SizeBytes && there.Flags == FlagsOf(stream.Traits)
        && (!there.Flags.HasFlag(StreamFlags.Sparse) || there.AllocatedBytes <= stream.AllocatedBytes);

    private static StreamFlags FlagsOf(EntryTraits traits) =>
        (traits.HasFlag(EntryTraits.Sparse) ? StreamFlags.Sparse : StreamFlags.None)
        | (traits.HasFlag(EntryTraits.Compressed) ? StreamFlags.Compressed : StreamFlags.None)
        | (traits.HasFlag(EntryTraits.Encrypted) ? StreamFlags.Encrypted : StreamFlags.None);

    private string Name(string stream) => stream.Length == 0 ? _path : $"{_path}:{stream}";

    /// <summary>Ends a raw stream: decrypts what was collected, under the key of the $EFS stand-in.</summary>
    private void EndStream()
    {
        if (!_isRaw)
        {
            return;
        }

        _isRaw = false;
        var raw = $"{_path}:{RawStream}";
        var key = EfsCipher.KeyOf(_metadata.EncryptionInfo.Span) ?? throw new BackupException(
            ErrorCode.VolumeOperationInvalid,
            $"'{_final}': a raw encrypted stream without the encryption information of its file cannot be restored.",
            "Restore the file as a whole.");
        _volume.SetEfsInfo(_path, _metadata.EncryptionInfo.Span);
        var block = new byte[BlockBytes];
        for (long offset = 0; offset < _size; offset += BlockBytes)
        {
            var plain = block.AsSpan(0, (int)Math.Min(BlockBytes, AllocationRules.RoundUp(_size - offset, EfsCipher.SectorBytes)));
            plain[_volume.Read(raw, offset, plain)..].Clear();
            for (var at = 0; at < plain.Length; at += EfsCipher.SectorBytes)
            {
                EfsCipher.Decrypt(key, (offset + at) / EfsCipher.SectorBytes, plain.Slice(at, EfsCipher.SectorBytes));
            }

            WritePlain(offset, plain[..(int)Math.Min(plain.Length, _size - offset)]);
        }

        _volume.Delete(raw);
    }

    private void WritePlain(long offset, ReadOnlySpan<byte> content)
    {
        var path = Name(_stream);
        if (KnownExtents(offset, content) is not { } extents)
        {
            _volume.Write(path, offset, content);
            return;
        }

        foreach (var extent in extents)
        {
            _volume.WriteExtentOf(path, extent);
        }
    }

    /// <summary>The extents of the known volume that hold exactly these bytes here; null when there are none.</summary>
    private IReadOnlyList<StreamExtent>? KnownExtents(long offset, ReadOnlySpan<byte> content)
    {
        if (_known?.Find(_knownPath)?.Reference is not { } reference || _known.Stream(reference, _stream) is not { } state)
        {
            return null;
        }

        var known = new byte[content.Length];
        return _known.Read(state, offset, known) == known.Length && content.SequenceEqual(known)
            ? _known.ExtentsOf(state, offset, offset + content.Length)
            : null;
    }
}
