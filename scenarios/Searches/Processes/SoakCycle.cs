using System.Globalization;
using Harness.Simulator.Content;

namespace Harness.Scenarios.Searches.Processes;

/// <summary>
/// One turn of a world: edits, a backup that is killed and one that ends, and by turns a lost scratch location, a broken line, a prune, a
/// restore, a forgetting and a repair that are killed and run again. After each the oracle: recovery points that were committed are
/// listed, the vault is sound to the last byte, what is restored is what was protected, and nothing that was packed was sent again.
/// </summary>
internal sealed class SoakCycle(SoakWorld world, TreeEdits edits, SeededSequence choices, KilledVerb verbs, bool isServer, SoakTally tally, Action<string> find)
{
    private const string Packs = "packs/";

    /// <summary>Footers, and segments of which a kill cut off the rest of the pack.</summary>
    private const long PackSlackBytes = 192 << 10;

    /// <summary>Changed bytes of the recovery points that this turn made.</summary>
    private long _changedBytes;

    /// <summary>Runs it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var count = 1 + choices.Below(8); count > 0; count--)
        {
            edits.Edit();
        }

        await BackupAsync(cancellationToken);
        switch (choices.Below(6))
        {
            case 0:
                await TwiceAsync(vault => world.Arguments("prune", vault));
                break;
            case 1 when world.Points.Count > 2:
                await ForgetAsync();
                break;
            case 2:
                await TwiceAsync(vault => world.Arguments("repair", vault, "--read-data"));
                break;
            case 3:
                await RestoreAsync(isKilled: true);
                break;
            case 4:
                SoakWorld.Delete(world.Scratch);
                tally.Add("scratch locations lost");
                break;
            default:
                break;
        }

        await RestoreAsync(isKilled: false);
        var check = await verbs.RunAsync(vault => world.Arguments("check", vault, "--read-data"));
        Require(check.Exit == 0, $"check: {check} {check.Out}");
    }

    private async Task BackupAsync(CancellationToken cancellationToken)
    {
        var image = TreeImage.Of(world.Source);
        var before = await world.StoredBytesAsync(Packs, cancellationToken);
        var isResumed = false;
        _changedBytes = 0;
        for (var kills = choices.Below(3); kills > 0; kills--)
        {
            var killed = await verbs.KillAsync(world.BackupArguments);
            Require(killed.Exit is 0 || HarnessProcess.IsKilled(killed), $"a backup that was to be killed: {killed}");
            isResumed |= await ListAsync(image) == 0;
        }

        if (isServer && choices.Permille(500))
        {
            var torn = await verbs.RunAsync(world.BackupArguments, Draw);
            Require(torn.Exit is 0 or 5 && (torn.Exit == 0 || torn.Error.Contains("VaultUnreachable", StringComparison.Ordinal)), $"a backup on a broken line: {torn}");
            await ListAsync(image);
        }

        var end = await verbs.RunAsync(world.BackupArguments);
        Require(end.Exit == 0, $"the backup after: {end}");
        Require(await ListAsync(image) == 1, "the backup after made no recovery point");
        if (end.Exit == 0 && isResumed)
        {
            var grown = await world.StoredBytesAsync(Packs, cancellationToken) - before;
            Require(grown <= (_changedBytes * 102 / 100) + PackSlackBytes, $"{grown} bytes of packs for {_changedBytes} changed bytes: something was sent twice");
        }
    }

    /// <summary>Looks at the recovery points: all are there; a new one is of this image. How many are new.</summary>
    private async Task<int> ListAsync(TreeImage image)
    {
        var list = await verbs.RunAsync(vault => world.Arguments("recovery-points", vault));
        if (list.Exit != 0)
        {
            Require(false, $"recovery-points: {list}");
            return 0;
        }

        var listed = list.Json.GetProperty("recoveryPoints").EnumerateArray()
            .ToDictionary(point => point.GetProperty("recoveryPoint").GetInt64(), point => point.GetProperty("changedBytes").GetInt64());
        foreach (var lost in world.Points.Keys.Where(point => !listed.ContainsKey(point)))
        {
            Require(false, $"recovery point {lost} is lost");
        }

        Require(list.Json.GetProperty("damaged").GetArrayLength() == 0, $"damaged: {list.Out}");
        var made = listed.Keys.Where(point => !world.Points.ContainsKey(point) && !world.Forgotten.Contains(point)).ToList();
        made.ForEach(point => world.Points.Add(point, image));
        Require(made.Count <= 1, $"{made.Count} recovery points of one run");
        _changedBytes += made.Sum(point => listed[point]);
        return made.Count;
    }

    private async Task ForgetAsync()
    {
        var point = choices.Pick([.. world.Points.Keys.SkipLast(1)]);
        world.Points.Remove(point);
        world.Forgotten.Add(point);
        await TwiceAsync(vault => world.Arguments("forget", vault, "--point", point.ToString(CultureInfo.InvariantCulture)), done: "RecoveryPointNotFound");
    }

    /// <summary>A verb, killed and run again.</summary>
    /// <param name="arguments">The verb and its arguments for a vault.</param>
    /// <param name="done">The error that says that the killed one had done it all; null where there is none.</param>
    private async Task TwiceAsync(Func<string, IReadOnlyList<string>> arguments, string? done = null)
    {
        var verb = arguments("")[0];
        var killed = await verbs.KillAsync(arguments);
        Require(killed.Exit is 0 || HarnessProcess.IsKilled(killed), $"a {verb} that was to be killed: {killed}");
        var end = await verbs.RunAsync(arguments);
        Require(end.Exit == 0 || (done is not null && end.Error.Contains(done, StringComparison.Ordinal)), $"the {verb} after: {end}");
    }

    private async Task RestoreAsync(bool isKilled)
    {
        var point = isKilled || choices.Permille(500) ? world.Points.Keys.Last() : choices.Pick([.. world.Points.Keys]);
        IReadOnlyList<string> Arguments(string vault) => world.Arguments(
            "restore", vault, "--recovery-point", point.ToString(CultureInfo.InvariantCulture), "--target", world.Target, "--on-collision", "overwrite");
        if (isKilled)
        {
            var killed = await verbs.KillAsync(Arguments);
            Require(killed.Exit is 0 || HarnessProcess.IsKilled(killed), $"a restore that was to be killed: {killed}");
        }

        var end = await verbs.RunAsync(Arguments);
        Require(end.Exit == 0, $"the restore of {point}: {end}");
        foreach (var difference in world.Points[point].DifferencesTo(TreeImage.Of(world.Target)).Take(3))
        {
            Require(false, $"recovery point {point}: {difference}");
        }

        tally.Add("restored and compared");
        SoakWorld.Delete(world.Target);
    }

    /// <summary>A backup keeps few connections and sends little over most of them: the first one breaks, and early enough to be met.</summary>
    private LineBreak? Draw(int connection)
    {
        lock (choices)
        {
            return connection == 1 || choices.Permille(600)
                ? new LineBreak(choices.Pick<LineCut>([LineCut.Close, LineCut.Reset, LineCut.HalfClose]), choices.Permille(400), 1 + choices.Below(choices.Permille(700) ? 3_000 : 100_000))
                : null;
        }
    }

    private void Require(bool holds, string what)
    {
        if (!holds)
        {
            find(what);
        }
    }
}
