namespace Harness.Tests.Mutants;

/// <summary>Copies of folders.</summary>
internal static class MutantFiles
{
    /// <summary>Copies a folder with all that is in it, except folders whose names are not taken.</summary>
    public static void Copy(string from, string to, Func<string, bool>? takes = null)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }

        foreach (var folder in Directory.GetDirectories(from).Where(folder => takes?.Invoke(Path.GetFileName(folder)) != false))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)), takes);
        }
    }
}
