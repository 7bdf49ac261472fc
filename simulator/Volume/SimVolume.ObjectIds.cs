using Harness.Simulator.Content;
using Harness.Simulator.Journal;

namespace Harness.Simulator.Volume;

/// <summary>Object ids: one a file or directory, unique on the volume, so that a file can be opened by it.</summary>
public sealed partial class SimVolume
{
    /// <summary>The volume's own object id, which is the birth volume of ids made here.</summary>
    public Guid VolumeObjectId => MadeGuid(Mix.Of(Settings.Seed, "volume object id"));

    /// <summary>
    /// The object id of a path; where there is none a new one is made (FSCTL_CREATE_OR_GET_OBJECT_ID, MS-FSA 2.1.5.10.1). On a
    /// volume that cannot be written, one must be there.
    /// </summary>
    public ObjectIdBuffer CreateOrGetObjectId(string path)
    {
        RequireFeature(path, VolumeFeatures.ObjectIds);
        var index = Require(path).Index;
        if (RareOf(index).ObjectId is { } present)
        {
            return present;
        }

        RequireWritable(path);
        var id = Guid.Empty;
        for (ulong attempt = 0; id == Guid.Empty || _objectIds.ContainsKey(id); attempt++)
        {
            id = MadeGuid(Mix.Of(NewSeed(index, Records.Get(index).Sequence), attempt));
        }

        var made = new ObjectIdBuffer(id, VolumeObjectId, id);
        PutObjectId(index, made);
        return made;
    }

    /// <summary>
    /// Gives a file or directory an object id (FSCTL_SET_OBJECT_ID, MS-FSA 2.1.5.10.35). Refused where it has one
    /// (STATUS_OBJECT_NAME_COLLISION) or another file on the volume has this one (STATUS_DUPLICATE_NAME).
    /// </summary>
    public void SetObjectId(string path, ObjectIdBuffer objectId)
    {
        ArgumentNullException.ThrowIfNull(objectId);
        RequireWritable(path);
        RequireFeature(path, VolumeFeatures.ObjectIds);
        var index = Require(path).Index;
        var reason = objectId.ObjectId == Guid.Empty ? "an object id of zeros is none"
            : RareOf(index).ObjectId is not null ? "it has an object id already (STATUS_OBJECT_NAME_COLLISION)"
            : _objectIds.ContainsKey(objectId.ObjectId)
                ? $"another file on the volume has the object id {objectId.ObjectId} (STATUS_DUPLICATE_NAME)"
                : null;
        if (reason is not null)
        {
            throw VolumeError.Refused(path, reason, "Delete the object id that is there first, or give another.");
        }

        PutObjectId(index, objectId);
    }

    /// <summary>
    /// Changes the birth information beside an object id (FSCTL_SET_OBJECT_ID_EXTENDED, MS-FSA 2.1.5.10.36); one must be there.
    /// </summary>
    public void SetObjectIdExtended(string path, Guid birthVolumeId, Guid birthObjectId, Guid domainId = default)
    {
        RequireWritable(path);
        RequireFeature(path, VolumeFeatures.ObjectIds);
        var index = Require(path).Index;
        var present = RareOf(index).ObjectId
            ?? throw VolumeError.Refused(path, "it has no object id whose birth could be set", "Give it an object id first.");
        SetRare(index, RareOf(index) with { ObjectId = new(present.ObjectId, birthVolumeId, birthObjectId, domainId) });
        TouchMetadata(index, UsnReason.ObjectIdChange);
    }

    /// <summary>Takes the object id away (FSCTL_DELETE_OBJECT_ID, MS-FSA 2.1.5.10.2); without one nothing happens.</summary>
    public void DeleteObjectId(string path)
    {
        RequireWritable(path);
        RequireFeature(path, VolumeFeatures.ObjectIds);
        var index = Require(path).Index;
        if (RareOf(index).ObjectId is { } present)
        {
            _objectIds = _objectIds.Remove(present.ObjectId);
            SetRare(index, RareOf(index) with { ObjectId = null });
            TouchMetadata(index, UsnReason.ObjectIdChange);
        }
    }

    private void PutObjectId(uint index, ObjectIdBuffer objectId)
    {
        _objectIds = _objectIds.Add(objectId.ObjectId, index);
        SetRare(index, RareOf(index) with { ObjectId = objectId });
        TouchMetadata(index, UsnReason.ObjectIdChange);
    }

    private static Guid MadeGuid(ulong seed)
    {
        Span<byte> bytes = stackalloc byte[16];
        ContentGenerator.Fill(ContentProfile.Random, seed, 0, bytes);
        return new Guid(bytes);
    }
}
