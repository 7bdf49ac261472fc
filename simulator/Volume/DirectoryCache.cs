namespace Harness.Simulator.Volume;

/// <summary>
/// Remembers where the last directory was found, since files mostly come one after the other in one directory. What it
/// remembers is checked against the records before it is believed: every directory on the way must still be the one of that
/// name in its parent. A name reference is never used again, so nothing has to tell the cache of changes.
/// </summary>
internal sealed class DirectoryCache
{
    private readonly List<Step> _steps = [];
    private string _path = "";

    /// <summary>The directory of a path, when it is the remembered one.</summary>
    public uint? Find(in RecordRoot records, ReadOnlySpan<char> path)
    {
        if (_steps.Count == 0 || !path.SequenceEqual(_path))
        {
            return null;
        }

        foreach (var step in _steps)
        {
            ref readonly var record = ref records.Get(step.Index);
            if (!record.IsInUse || record.Sequence != step.Sequence || record.Parent != step.Parent || record.NameRef != step.NameRef)
            {
                return null;
            }
        }

        return _steps[0].Index;
    }

    /// <summary>Remembers a directory, if the path spells every name as it is kept: then no case rule matters.</summary>
    public void Keep(in RecordRoot records, NameStore names, ReadOnlySpan<char> path, uint index)
    {
        _steps.Clear();
        var rest = path;
        while (index != VolumeView.RootIndex)
        {
            ref readonly var record = ref records.Get(index);
            var slash = rest.LastIndexOf('/');
            if (!names.IsExactly(record.NameRef, rest[(slash + 1)..]))
            {
                _steps.Clear();
                return;
            }

            _steps.Add(new Step(index, record.Sequence, record.Parent, record.NameRef));
            index = record.Parent;
            rest = rest[..Math.Max(slash, 0)];
        }

        _path = path.ToString();
    }

    private readonly record struct Step(uint Index, ushort Sequence, uint Parent, uint NameRef);
}
