using Harness.Engine.Errors;
using Harness.Engine.Ports;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>Builds the simulated volume of a recipe.</summary>
internal static class RecipeSource
{
    /// <summary>Builds <c>FILE[@EDIT,...]</c>.</summary>
    public static IDataSource Open(string text) => throw new BackupException(ErrorCode.PlatformUnsupported, "stub " + text);
}
