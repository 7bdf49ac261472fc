using Harness.Scenarios.Model;
using Harness.Scenarios.Yaml;
using Harness.Simulator.Recipes;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Running;

/// <summary>A simulated volume built from the recipe of a scenario, with the edits that steps apply to it.</summary>
internal sealed class VolumeUnderTest
{
    private readonly RawYaml _yaml;
    private readonly Recipe _recipe;
    private readonly string _name;
    private readonly ulong _seed;
    private int _round;

    public VolumeUnderTest(RawYaml yaml, string name, ulong cellSeed, TimeProvider clock)
    {
        _yaml = yaml;
        _name = name;
        _seed = cellSeed;
        _recipe = RecipeLoader.Parse(RecipeText.Of(yaml, cellSeed), name);
        Volume = RecipeBuilder.Build(_recipe, clock);
    }

    /// <summary>The live volume.</summary>
    public SimVolume Volume { get; }

    /// <summary>Applies the named edits of the recipe, or an edit that stands in the step; each time with other choices.</summary>
    public void Apply(RawYaml edit)
    {
        if (edit.Name is { } named)
        {
            _recipe.ApplyEdits(Volume, named, _round++);
        }
        else
        {
            var recipe = RecipeLoader.Parse(RecipeText.Of(_yaml, _seed, edit), _name);
            recipe.ApplyEdits(Volume, RecipeText.InlineEdit, _round++);
        }
    }
}
