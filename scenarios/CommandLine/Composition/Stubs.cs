using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Scenarios.CommandLine.Output;
namespace Harness.Scenarios.CommandLine.Composition;
internal static class EngineFactory { public static EngineServices Create(IProgressSink p) => throw new BackupException(ErrorCode.PlatformUnsupported, "stub"); }
internal static class SourceFactory { public static IDataSource Open(string a, string v, string? s) => throw new BackupException(ErrorCode.PlatformUnsupported, "stub"); }
internal static class TargetFactory { public static IRestoreTarget Open(string a) => throw new BackupException(ErrorCode.PlatformUnsupported, "stub"); }
internal static class VaultFactory { public static ValueTask<IVault> OpenAsync(string a, VaultUse u, Terminal t, CancellationToken c) => throw new BackupException(ErrorCode.PlatformUnsupported, "stub"); }
internal sealed record ScratchLease(IScratch Scratch) : IDisposable { public void Dispose() { } }
internal static class ScratchFactory { public static ScratchLease Open(string? d, string vn, IVault v, string s) => throw new BackupException(ErrorCode.PlatformUnsupported, "stub"); }
internal static class PathTraits { public static ValueTask<IReadOnlyList<(string Path, EntryTraits Traits)>> ReadAsync(string p, CancellationToken c) => throw new BackupException(ErrorCode.PlatformUnsupported, "stub"); }
