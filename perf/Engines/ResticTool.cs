namespace Harness.Perf.Engines;

/// <summary>restic with its defaults: encryption, compression "auto".</summary>
/// <param name="storage">Where its repositories are.</param>
/// <param name="throughRclone">Whether it gets there through rclone, which must be installed then.</param>
internal sealed class ResticTool(IToolStorage storage, bool throughRclone = false) : BackupTool("restic", storage)
{
    public override string? Version => VersionOf("restic", "version") is not { } own ? null
        : !throughRclone ? own
        : VersionOf("rclone", "version") is { } helper ? $"{own}, through {helper.Split('\n')[0]}" : null;

    protected override ToolCommand Initialize() => Command("init");

    protected override ToolCommand BackupCommand(string source) => Command("backup", source);

    protected override ToolCommand RestoreCommand(string target) => Command("restore", "latest", "--target", target);

    protected override ToolCommand CheckCommand() => Command("check", "--read-data");

    private ToolCommand Command(params string[] arguments) => new(
        [OnPath("restic")!, "-q", "-r", Storage.Address, "--cache-dir", Path.Combine(Home, "cache"), .. arguments],
        new Dictionary<string, string>(Storage.Environment) { ["RESTIC_PASSWORD"] = Passphrase });
}
