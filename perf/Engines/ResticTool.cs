namespace Harness.Perf.Engines;

/// <summary>restic with its defaults: encryption, compression "auto".</summary>
internal sealed class ResticTool(IToolStorage storage) : BackupTool("restic", storage)
{
    public override string? Version => VersionOf("restic", "version");

    protected override ToolCommand Initialize() => Command("init");

    protected override ToolCommand BackupCommand(string source) => Command("backup", source);

    protected override ToolCommand RestoreCommand(string target) => Command("restore", "latest", "--target", target);

    protected override ToolCommand CheckCommand() => Command("check", "--read-data");

    private ToolCommand Command(params string[] arguments) => new(
        [OnPath("restic")!, "-q", "-r", Storage.Address, "--cache-dir", Path.Combine(Home, "cache"), .. arguments],
        new Dictionary<string, string>(Storage.Environment) { ["RESTIC_PASSWORD"] = Passphrase });
}
