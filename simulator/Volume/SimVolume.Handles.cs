using Harness.Simulator.Journal;

namespace Harness.Simulator.Volume;

/// <summary>
/// What open handles do: they name a file by its record, so that renames and attribute changes after the open do not touch
/// them, and they keep a file whose last name is gone.
/// </summary>
public sealed partial class SimVolume
{
    /// <summary>Stands for the path in refusals; who holds the handle knows it.</summary>
    private const string OpenFile = "an open file";

    /// <summary>Source of the four times.</summary>
    internal TimeProvider Clock => _clock;

    /// <summary>Number of the epoch; a snapshot begins a new one.</summary>
    internal long Epoch => _tree.Epoch;

    internal ref readonly FileRecord RecordAt(uint index) => ref Records.Get(index);

    /// <summary>The children of a directory in the order of its index, as NTFS lists them.</summary>
    internal List<DirectoryItem> ItemsAt(uint directory)
    {
        var items = new List<DirectoryItem>();
        Records.Get(directory).Extra?.Children?.CopyTo(items);
        return items;
    }

    /// <summary>
    /// Writes bytes that the caller promises not to change again where they are: <paramref name="source"/> may have room
    /// behind them for bytes of later writes.
    /// </summary>
    internal void WriteAt(uint index, string stream, long offset, byte[] source, int start, int length)
    {
        RequireWritable(OpenFile);
        RequireSize(OpenFile, checked(offset + length));
        var state = Stream(in Records.Get(index), stream) ?? throw VolumeError.Missing(OpenFile);
        var extent = new Extent
        {
            Start = offset,
            Length = length,
            Kind = ExtentKind.Literal,
            Literal = source,
            Base = start,
        };
        var extents = Extended(state, offset).Replace(offset, extent.End, [extent]);
        var size = Math.Max(state.Size, extent.End);
        Change(OpenFile, index, stream, state, size, extents, Math.Min(offset, state.Size), extent.End);
    }

    /// <summary>SetEndOfFile through a handle.</summary>
    internal void SetEndAt(uint index, string stream, long sizeBytes)
    {
        RequireWritable(OpenFile);
        RequireSize(OpenFile, sizeBytes);
        var state = Stream(in Records.Get(index), stream) ?? throw VolumeError.Missing(OpenFile);
        var extents = sizeBytes < state.Size
            ? state.Extents.Replace(sizeBytes, state.Size, [])
            : Extended(state, sizeBytes);
        var from = Math.Min(sizeBytes, state.Size);
        Change(
            OpenFile, index, stream, state, sizeBytes, extents, from, Math.Max(sizeBytes, state.Size),
            Math.Min(state.ValidBytes, sizeBytes));
    }

    /// <summary>Takes over the content of a stream of this volume, at no cost whatever its size.</summary>
    internal void CloneAt(uint index, string stream, StreamState content)
    {
        RequireWritable(OpenFile);
        var before = Stream(in Records.Get(index), stream)
            ?? new StreamState(0, NewStreamFlags(in Records.Get(index)), ExtentMap.Empty, 0);
        Store(OpenFile, index, stream, before, content.Size, before.Flags, content.Extents);
        TouchData(index);
        PostData(index, stream, before, content.Size, 0, content.Size, UsnReason.None);
    }

    /// <summary>Sets the last access time alone, which moves no other.</summary>
    internal void TouchAccess(uint index)
    {
        if (Settings.UpdatesLastAccess && !IsReadOnly && !IsLocked && !IsOffline)
        {
            _tree.Edit(index).Accessed = Tick();
        }
    }
}
