using Harness.Simulator.Journal;

namespace Harness.Simulator.Volume;

/// <summary>Extended attributes of files and directories.</summary>
public sealed partial class SimVolume
{
    /// <summary>
    /// Sets extended attributes (FileFullEaInformation, MS-FSA 2.1.5.15.5): each replaces the one of its name, case aside, and an
    /// empty value takes it away. Refused as a whole: on a reparse point (STATUS_EAS_NOT_SUPPORTED), for names that are none
    /// (STATUS_INVALID_EA_NAME), and beyond 64 KiB less 5 bytes in all (STATUS_EA_TOO_LARGE).
    /// </summary>
    public void SetExtendedAttributes(string path, params IEnumerable<ExtendedAttribute> attributes) =>
        SetExtendedAttributes(path, attributes, isForced: false);

    /// <summary>Forced mode: on a reparse point too, as Windows' own subsystem for Linux keeps them.</summary>
    public void ForceExtendedAttributes(string path, params IEnumerable<ExtendedAttribute> attributes) =>
        SetExtendedAttributes(path, attributes, isForced: true);

    /// <summary>Takes all extended attributes away.</summary>
    public void ClearExtendedAttributes(string path) => ForceExtendedAttributes(
        path, Get(path).ExtendedAttributes.Select(attribute => attribute with { Value = default }));

    private void SetExtendedAttributes(string path, IEnumerable<ExtendedAttribute> attributes, bool isForced)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        RequireWritable(path);
        RequireFeature(path, VolumeFeatures.ExtendedAttributes);
        var index = Require(path).Index;
        if (ExtraOf(index).ReparseTag != 0 && !isForced)
        {
            throw VolumeError.Refused(
                path, "a reparse point takes no extended attributes (STATUS_EAS_NOT_SUPPORTED)", "Delete the reparse point first.");
        }

        var list = RareOf(index).Attributes.ToDictionary(attribute => attribute.Name, StringComparer.Ordinal);
        foreach (var attribute in attributes)
        {
            if (ExtendedAttributes.WhyInvalid(attribute) is { } reason)
            {
                throw VolumeError.Refused(path, reason, "See MS-FSCC 2.4.15.");
            }

            var name = Settings.HasWindowsRules ? attribute.Name.ToUpperInvariant() : attribute.Name;
            list.Remove(name);
            if (attribute.Value.Length > 0)
            {
                list.Add(name, attribute with { Name = name, Value = attribute.Value.ToArray() });
            }
        }

        var packed = ExtendedAttributes.PackedBytes(list.Values);
        if (packed > ExtendedAttributes.MaxPackedBytes)
        {
            throw VolumeError.Refused(
                path,
                $"its extended attributes would take {packed} bytes, and {ExtendedAttributes.MaxPackedBytes} are the most "
                    + "(STATUS_EA_TOO_LARGE)",
                "Use fewer or shorter ones, or a named stream.");
        }

        SetRare(index, RareOf(index) with
        {
            Attributes = [.. list.Values.OrderBy(attribute => attribute.Name, StringComparer.Ordinal)],
        });
        ref var record = ref _tree.Edit(index);
        if (!record.IsDirectory)
        {
            record.Attributes |= FileAttributes.Archive;
        }

        TouchMetadata(index, UsnReason.EaChange);
    }
}
