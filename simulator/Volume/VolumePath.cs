namespace Harness.Simulator.Volume;

/// <summary>A path and a stream: <c>docs/plan.txt:notes</c>. Without Windows rules a colon is part of the name.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Stream">Stream; "" is the unnamed one.</param>
internal readonly record struct VolumePath(string File, string Stream)
{
    public static VolumePath Parse(string path, VolumeSettings settings)
    {
        ArgumentNullException.ThrowIfNull(path);
        var colon = settings.HasWindowsRules ? path.IndexOf(':', path.LastIndexOf('/') + 1) : -1;
        return colon < 0 ? new VolumePath(path, "") : new VolumePath(path[..colon], path[(colon + 1)..]);
    }

    /// <summary>The directory part and the last name.</summary>
    public static (string Parent, string Name) Split(string file)
    {
        var slash = file.LastIndexOf('/');
        return slash < 0 ? ("", file) : (file[..slash], file[(slash + 1)..]);
    }
}
