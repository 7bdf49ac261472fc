using System.Collections.Frozen;
using System.Text.Json;
using Harness.Engine.Model;

namespace Harness.Engine.Rules.Reading;

/// <summary>The words of profile documents: the names of the model in kebab case.</summary>
internal static class ProfileWords
{
    public static FrozenDictionary<string, ClauseTopic> Topics { get; } = Of<ClauseTopic>();

    public static FrozenDictionary<string, ClauseStatus> Statuses { get; } = Of<ClauseStatus>();

    public static FrozenDictionary<string, SizeMeasure> Measures { get; } = Of<SizeMeasure>();

    public static FrozenDictionary<string, RuleSubject> Subjects { get; } = Of<RuleSubject>();

    public static FrozenDictionary<string, Protection> Protections { get; } = Of<Protection>();

    public static FrozenDictionary<string, VolumeState> Volumes { get; } = Of<VolumeState>();

    public static FrozenDictionary<string, Workload> Workloads { get; } = Of<Workload>();

    public static FrozenDictionary<string, ProtectedSystem> Systems { get; } = Of<ProtectedSystem>();

    public static FrozenDictionary<string, EntryTraits> Traits { get; } =
        Of<EntryTraits>().Where(pair => pair.Value != EntryTraits.None).ToFrozenDictionary(StringComparer.Ordinal);

    private static FrozenDictionary<string, T> Of<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().ToFrozenDictionary(
            value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()), StringComparer.Ordinal);
}
