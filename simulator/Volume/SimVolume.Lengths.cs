using Harness.Simulator.Content;
using Harness.Simulator.Journal;

namespace Harness.Simulator.Volume;

/// <summary>Valid data length and allocation size: what a stream has besides its size.</summary>
public sealed partial class SimVolume
{
    /// <summary>
    /// Declares bytes valid that nobody wrote (SetFileValidData; FileValidDataLengthInformation, MS-FSA 2.1.5.15.14): they then
    /// read as what the clusters held before, which here is generated. Refused without the privilege, for directories, sparse
    /// and compressed streams, a length below the present one, and beyond the size.
    /// </summary>
    public void SetValidData(string path, long validBytes)
    {
        RequireFeature(path, VolumeFeatures.ValidDataLength);
        var (index, name, state) = ForWriting(path);
        var reason = !Settings.HasManageVolumePrivilege
                ? "it needs the privilege SeManageVolumePrivilege (STATUS_PRIVILEGE_NOT_HELD)"
            : state.Is(StreamFlags.Sparse | StreamFlags.Compressed)
                ? "sparse and compressed streams have no valid data length to set (STATUS_INVALID_PARAMETER)"
            : validBytes < state.ValidBytes
                ? $"the valid data length is {state.ValidBytes} already and does not go back (STATUS_INVALID_PARAMETER)"
            : validBytes > state.Size
                ? $"the valid data length is at most the size, {state.Size} (STATUS_INVALID_PARAMETER)"
                : null;
        if (reason is not null)
        {
            throw VolumeError.Refused(path, reason, "See MS-FSA 2.1.5.15.14.");
        }

        if (validBytes == state.ValidBytes)
        {
            return;
        }

        var stale = new Extent
        {
            Start = state.ValidBytes,
            Length = validBytes - state.ValidBytes,
            Kind = ExtentKind.Generated,
            Seed = Mix.Of(NewSeed(index, Records.Get(index).Sequence), "stale clusters"),
            Base = state.ValidBytes,
            ProfileId = Tables.Profiles.Intern(ContentProfile.Random),
        };
        Store(path, index, name, state, state with
        {
            Extents = state.Extents.Replace(stale.Start, stale.End, [stale]),
            Uninitialized = state.Size - validBytes,
        });
        _tree.Edit(index).Changed = Tick();
        PostData(index, name, state, state.Size, stale.Start, stale.End, UsnReason.None);
    }

    /// <summary>
    /// Sets the allocation size (FileAllocationInformation, MS-FSA 2.1.5.15.1): above that of the data, clusters are set aside
    /// for a stream to grow into; below the size, the stream is cut. Windows gives clusters back when the last handle is
    /// closed; here they stay until the stream is cut or this is called again.
    /// </summary>
    public void SetAllocationSize(string path, long allocatedBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(allocatedBytes);
        RequireSize(path, allocatedBytes);
        var (index, name, state) = ForWriting(path);
        if (allocatedBytes < state.Size)
        {
            SetEndOfFile(path, allocatedBytes);
            return;
        }

        var wanted = AllocationRules.RoundUp(allocatedBytes, Settings.ClusterBytes);
        var reserved = state.Is(StreamFlags.Sparse | StreamFlags.Compressed) ? 0 : Math.Max(wanted - state.AllocatedBytes, 0);
        if (reserved != state.Reserved)
        {
            Store(path, index, name, state, state with { Reserved = reserved });
            _tree.Edit(index).Changed = Tick();
            PostData(index, name, state, state.Size, state.Size, state.Size, UsnReason.None);
        }
    }
}
