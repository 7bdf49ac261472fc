using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Retention;
using Harness.Scenarios.Model;

namespace Harness.Scenarios.Running;

/// <summary>Forgets recovery points by a policy under the ranges of the cell's profile, and judges what was forgotten.</summary>
internal sealed class ForgetRunner(CellWorld world, Judge judge)
{
    public async ValueTask<StepResult> RunAsync(ForgetStep step, string name, CancellationToken cancellationToken)
    {
        ForgetReport? report = null;
        BackupException? error = null;
        try
        {
            var policy = new RetentionPolicy
            {
                DailyDays = step.Daily,
                WeeklyWeeks = step.Weekly,
                MonthlyMonths = step.Monthly,
                YearlyYears = step.Yearly,
            };
            var isPolicy = step.Points.Count == 0;
            if (isPolicy)
            {
                policy.RequireValid(world.Profile.Options.Retention);
            }

            report = await new ForgetJob(world.Services).RunAsync(
                new ForgetRequest
                {
                    Vault = world.Vault,
                    Passphrase = new Passphrase(CellWorld.DefaultPassphrase),
                    SourceName = step.Source,
                    Policy = isPolicy ? policy : null,
                    Points = step.Points,
                },
                cancellationToken);
        }
        catch (BackupException caught) when (caught.Code is not ErrorCode.InternalError and not ErrorCode.Cancelled)
        {
            error = caught;
        }

        judge.Equal("outcome", step.Refused?.ToString() ?? "a report", error?.Code.ToString() ?? "a report");
        if (error is not null)
        {
            judge.Require(step.Clause is null || step.Clause == error.Clause, "clause of the refusal", step.Clause ?? "", error.Clause ?? "none", step.Clause);
            judge.Published(step.Published, [PublishedCodes.Of(error.Code)]);
        }
        else
        {
            judge.SameWords("forgotten", step.Forgotten.Select(Number), report!.Forgotten.Select(Number));
        }

        var outcome = error is null ? $"{report!.Forgotten.Count} forgotten" : $"refused: {error.Code}";
        return new StepResult(name, "forget", judge.StepIsGood ? CellState.Pass : CellState.Fail) { Outcome = outcome };
    }

    private static string Number(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
