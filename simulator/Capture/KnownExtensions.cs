namespace Harness.Simulator.Capture;

/// <summary>Extensions that say what a file is and nothing of whose it is, so that scrubbing leaves them.</summary>
internal static class KnownExtensions
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "accdb", "appref", "appxbundle", "aspx", "avhdx", "backup", "bak", "class", "conf", "config", "cshtml", "csproj", "dacpac",
        "djvu", "docm", "docx", "dotm", "dotx", "emlx", "evtx", "flac", "gitignore", "gpkg", "gradle", "heic", "htaccess", "html",
        "icns", "indd", "ipynb", "java", "jpeg", "json", "jsonl", "jsonc", "laccdb", "lockb", "manifest", "markdown", "mhtml",
        "mobileconfig", "mpeg", "msix", "nupkg", "onepkg", "onetoc2", "parquet", "pfile", "plist", "potx", "ppsx", "pptm", "pptx",
        "properties", "proto", "psd1", "psm1", "razor", "resx", "scala", "scss", "settings", "shtml", "sqlite", "sqlite3", "svgz",
        "swift", "tiff", "toml", "torrent", "ttml", "vbox", "vbproj", "vcxproj", "vhdx", "vmcx", "vmdk", "vmrs", "vsdx", "vsix",
        "webm", "webp", "wim", "woff", "woff2", "xaml", "xhtml", "xlsb", "xlsm", "xlsx", "xltx", "yaml",
    };

    /// <summary>Longest extension that stays whatever it is: three or four letters are too few to tell much.</summary>
    private const int MaxUnknown = 4;

    /// <summary>Whether an extension, without its dot, stays.</summary>
    public static bool Stays(ReadOnlySpan<char> extension)
    {
        foreach (var character in extension)
        {
            if (!char.IsAsciiLetterOrDigit(character))
            {
                return false;
            }
        }

        return extension.Length > 0
            && (extension.Length <= MaxUnknown || Names.GetAlternateLookup<ReadOnlySpan<char>>().Contains(extension));
    }
}
