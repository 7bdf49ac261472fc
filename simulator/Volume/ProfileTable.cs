using Harness.Engine.Errors;
using Harness.Simulator.Content;

namespace Harness.Simulator.Volume;

/// <summary>Content profiles by a 16-bit index, each kept once, never freed.</summary>
internal sealed class ProfileTable
{
    private readonly Dictionary<ContentProfile, ushort> _ids = [];
    private ContentProfile[] _profiles = new ContentProfile[4];
    private ushort _last;

    public ProfileTable() => Intern(ContentProfile.Random);

    public ushort Intern(in ContentProfile profile)
    {
        // Most volumes use one or two profiles, in long runs.
        if (_last < _ids.Count && _profiles[_last] == profile)
        {
            return _last;
        }

        return _last = Add(profile);
    }

    public ref readonly ContentProfile Get(ushort id) => ref _profiles[id];

    private ushort Add(in ContentProfile profile)
    {
        if (_ids.TryGetValue(profile, out var id))
        {
            return id;
        }

        if (!profile.IsValid)
        {
            throw new ArgumentException($"A parameter is out of range: {profile}.", nameof(profile));
        }

        Invariant.Require(_ids.Count < ushort.MaxValue);
        id = (ushort)_ids.Count;
        if (id == _profiles.Length)
        {
            Array.Resize(ref _profiles, id * 2);
        }

        _profiles[id] = profile;
        _ids.Add(profile, id);
        return id;
    }
}
