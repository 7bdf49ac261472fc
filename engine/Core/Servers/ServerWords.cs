using Harness.Engine.Errors;

namespace Harness.Engine.Servers;

/// <summary>The written forms of a server's parts, in data files and on the command line. ArgumentInvalid, with the known words, for others.</summary>
public static class ServerWords
{
    private static readonly Words<HostKind> HostWords = new("host", new Dictionary<string, HostKind>(StringComparer.Ordinal)
    {
        ["physical"] = HostKind.Physical,
        ["hyper-v"] = HostKind.HyperV,
        ["azure-vm"] = HostKind.AzureVm,
        ["vmware-vm"] = HostKind.VmwareVm,
    });

    private static readonly Words<SystemCenterRelease> ReleaseWords = new(
        "release of System Center", new Dictionary<string, SystemCenterRelease>(StringComparer.Ordinal)
        {
            ["2012"] = SystemCenterRelease.SystemCenter2012,
            ["2012-sp1"] = SystemCenterRelease.SystemCenter2012Sp1,
            ["2012-r2"] = SystemCenterRelease.SystemCenter2012R2,
            ["2016"] = SystemCenterRelease.SystemCenter2016,
            ["2019"] = SystemCenterRelease.SystemCenter2019,
        });

    private static readonly Words<ProtectionTarget> TargetWords = new(
        "target of protection", new Dictionary<string, ProtectionTarget>(StringComparer.Ordinal)
        {
            ["disk"] = ProtectionTarget.Disk,
            ["tape"] = ProtectionTarget.Tape,
            ["vault"] = ProtectionTarget.Vault,
        });

    /// <summary>The host of that word: physical, hyper-v, azure-vm, vmware-vm.</summary>
    public static HostKind Host(string word) => HostWords.Read(word);

    /// <summary>The release of that word: 2012, 2012-sp1, 2012-r2, 2016, 2019.</summary>
    public static SystemCenterRelease Release(string word) => ReleaseWords.Read(word);

    /// <summary>The target of that word: disk, tape, vault.</summary>
    public static ProtectionTarget Target(string word) => TargetWords.Read(word);

    /// <summary>The word of a host.</summary>
    public static string Of(HostKind host) => HostWords.Of(host);

    /// <summary>The word of a target.</summary>
    public static string Of(ProtectionTarget target) => TargetWords.Of(target);

    /// <summary>The word of a release.</summary>
    public static string Of(SystemCenterRelease release) => ReleaseWords.Of(release);

    /// <summary>A host as people call it.</summary>
    public static string Title(HostKind host) => host switch
    {
        HostKind.Physical => "a physical server",
        HostKind.HyperV => "a Hyper-V virtual machine",
        HostKind.AzureVm => "an Azure virtual machine",
        _ => "a Windows virtual machine in VMware",
    };

    /// <summary>A release as its maker calls it.</summary>
    public static string Title(SystemCenterRelease release) =>
        "System Center " + Of(release).Replace("-sp", " SP", StringComparison.Ordinal).Replace("-r", " R", StringComparison.Ordinal);

    private sealed class Words<T>(string what, Dictionary<string, T> words)
        where T : struct, Enum
    {
        public T Read(string word) => words.TryGetValue(word, out var value)
            ? value
            : throw new BackupException(
                ErrorCode.ArgumentInvalid, $"There is no {what} '{word}'.", $"Known: {string.Join(", ", words.Keys)}.");

        public string Of(T value) => words.First(pair => EqualityComparer<T>.Default.Equals(pair.Value, value)).Key;
    }
}
