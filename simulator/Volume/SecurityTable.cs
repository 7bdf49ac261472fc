using Harness.Engine.Model;

namespace Harness.Simulator.Volume;

/// <summary>Security descriptors, each kept once, as NTFS does in $Secure. Id 0 is none.</summary>
internal sealed class SecurityTable
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private EntrySecurity[] _values = new EntrySecurity[4];

    public int Intern(EntrySecurity security)
    {
        if (security.Kind == SecurityKind.None)
        {
            return 0;
        }

        var key = $"{(int)security.Kind}:{Convert.ToHexString(security.Bytes.Span)}";
        if (_ids.TryGetValue(key, out var id))
        {
            return id;
        }

        id = _ids.Count + 1;
        if (id == _values.Length)
        {
            Array.Resize(ref _values, id * 2);
        }

        _values[id] = new EntrySecurity(security.Kind, security.Bytes.ToArray());
        _ids.Add(key, id);
        return id;
    }

    public EntrySecurity Get(int id) => _values[id];
}
