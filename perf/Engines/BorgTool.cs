using System.Globalization;

namespace Harness.Perf.Engines;

/// <summary>borg with its defaults, lz4, and the encryption its documentation recommends where SHA-256 is in hardware.</summary>
internal sealed class BorgTool(IToolStorage storage) : BackupTool("borg", storage)
{
    private int _archives;

    public override string? Version => VersionOf("borg", "--version");

    private string Archive => string.Create(CultureInfo.InvariantCulture, $"{Storage.Address}::archive{_archives}");

    protected override ToolCommand Initialize()
    {
        _archives = 0;
        return Command("init", "--encryption", "repokey", Storage.Address);
    }

    protected override ToolCommand BackupCommand(string source)
    {
        _archives++;
        return Command("create", Archive, source);
    }

    protected override ToolCommand RestoreCommand(string target) => Command("extract", Archive) with { WorkingDirectory = target };

    protected override ToolCommand CheckCommand() => Command("check", "--verify-data", Storage.Address);

    private ToolCommand Command(params string[] arguments) => new(
        [OnPath("borg")!, .. arguments],
        new Dictionary<string, string>(Storage.Environment)
        {
            ["BORG_PASSPHRASE"] = Passphrase,
            ["BORG_BASE_DIR"] = Path.Combine(Home, "base"),
            ["BORG_RELOCATED_REPO_ACCESS_IS_OK"] = "yes",
        });
}
