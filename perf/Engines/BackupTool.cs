using System.Globalization;
using Harness.Engine.Errors;

namespace Harness.Perf.Engines;

/// <summary>A backup program on the command line, with a repository, a cache and a target of its own below one directory.</summary>
/// <param name="name">Name in tables and of its directory.</param>
/// <param name="storage">Where its repositories are.</param>
internal abstract class BackupTool(string name, IToolStorage storage)
{
    /// <summary>Long enough for the published rule; a figure of this run depends on no particular one.</summary>
    protected const string Passphrase = "a passphrase for comparing";

    public string Name => name;

    /// <summary>Version as the program tells it; null when it is not installed.</summary>
    public abstract string? Version { get; }

    protected IToolStorage Storage => storage;

    /// <summary>Directory of everything it writes; set by <see cref="Begin"/>.</summary>
    protected string Home { get; private set; } = "";

    /// <summary>Starts afresh: an empty directory and a new repository.</summary>
    public void Begin(string directory, int round)
    {
        Home = Path.Combine(directory, name);
        if (Directory.Exists(Home))
        {
            Directory.Delete(Home, recursive: true);
        }

        Directory.CreateDirectory(Home);
        storage.Begin(Home, string.Create(CultureInfo.InvariantCulture, $"{name}-{round}"));
        if (Initialize() is { } command)
        {
            MeasuredProcess.Run(command, Logs);
        }
    }

    public ProcessFigures Backup(string source) => MeasuredProcess.Run(BackupCommand(source), Logs);

    /// <summary>Restores the latest recovery point into an empty directory and looks whether all is there.</summary>
    public ProcessFigures Restore(long expectedBytes)
    {
        var target = Path.Combine(Home, "restored");
        Directory.CreateDirectory(target);
        var figures = MeasuredProcess.Run(RestoreCommand(target), Logs);
        var restored = BytesBelow(target);
        Directory.Delete(target, recursive: true);
        Invariant.Require(restored == expectedBytes);
        return figures;
    }

    public ProcessFigures Check() => MeasuredProcess.Run(CheckCommand(), Logs);

    /// <summary>Bytes that its repository holds; null where the storage cannot tell.</summary>
    public long? StoredBytes() => storage.StoredBytes();

    /// <summary>Bytes that a backup sent, by its own report; null when it does not tell.</summary>
    public virtual long? SentBytes(ProcessFigures figures) => null;

    public static long BytesBelow(string directory) => !Directory.Exists(directory) ? 0 : new DirectoryInfo(directory)
        .EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>The command that makes the repository, which is not measured; null when the first backup does.</summary>
    protected virtual ToolCommand? Initialize() => null;

    protected abstract ToolCommand BackupCommand(string source);

    protected abstract ToolCommand RestoreCommand(string target);

    protected abstract ToolCommand CheckCommand();

    protected static string? VersionOf(string program, params string[] arguments)
    {
        var directory = Directory.CreateTempSubdirectory("harness-version-");
        try
        {
            return OnPath(program) is { } path
                ? MeasuredProcess.Run(new ToolCommand([path, .. arguments], NoEnvironment), directory.FullName).Output.Trim()
                : null;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    protected static string? OnPath(string program) => Path.IsPathRooted(program)
        ? File.Exists(program) ? program : null
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    protected static IReadOnlyDictionary<string, string> NoEnvironment { get; } = new Dictionary<string, string>();

    private string Logs => Path.Combine(Home, "log");
}
