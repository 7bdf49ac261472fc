using System.Reflection;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;

namespace Harness.Tests.Mutants;

/// <summary>
/// Runs some tests of this assembly in this process, up to the first that is red: what 'dotnet test' does with a filter, without the seconds
/// that it needs to start and to find all others.
/// </summary>
/// <param name="choice">Classes or Class.Method; '=' and the full name of a test; '-' and the full name of one that does not count.</param>
/// <param name="output">Where the outcome goes.</param>
internal sealed class ChosenTests(IReadOnlyList<string> choice, TextWriter output) : ITestFilter, ITestListener
{
    /// <summary>The argument of the test program that leads here.</summary>
    public const string Word = "run-tests";

    /// <summary>What stands before the full name of a red test in the output.</summary>
    public const string Red = "RED ";

    private readonly Lock _gate = new();
    private int _run;

    /// <summary>
    /// Returns 0 when all are green and 5 when there are none. At the first red one the process writes <see cref="Red"/> and its full name, and
    /// ends with 2: the rest would only take time.
    /// </summary>
    public int Run()
    {
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(
            Assembly.GetExecutingAssembly(),
            new Dictionary<string, object>
            {
                ["LOAD"] = Assembly.GetExecutingAssembly().GetTypes().Where(IsNeeded).Select(type => type.FullName!).ToList(),
            });
        runner.Run(this, this);
        output.WriteLine($"{_run} run, none red.");
        return _run > 0 ? 0 : 5;
    }

    /// <inheritdoc/>
    public bool Pass(ITest test) => test.IsSuite ? test.Tests.Any(Pass) : IsChosen(test);

    /// <inheritdoc/>
    public bool IsExplicitMatch(ITest test) => false;

    /// <inheritdoc/>
    public TNode ToXml(bool recursive) => throw new NotSupportedException();

    /// <inheritdoc/>
    public TNode AddToXml(TNode parentNode, bool recursive) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void TestFinished(ITestResult result)
    {
        lock (_gate)
        {
            var (status, site) = (result.ResultState.Status, result.ResultState.Site);
            _run += result.Test.IsSuite || status is TestStatus.Skipped or TestStatus.Inconclusive ? 0 : 1;

            // A suite is red by its tests or by what is around them.
            if (status == TestStatus.Failed && (!result.Test.IsSuite || site is FailureSite.SetUp or FailureSite.TearDown))
            {
                output.WriteLine(Red + result.FullName);
                output.WriteLine(result.Message);
                output.WriteLine(result.StackTrace);
                output.Flush();
                Environment.Exit(2);
            }
        }
    }

    /// <inheritdoc/>
    public void TestStarted(ITest test)
    {
        // What counts is how a test ends.
    }

    /// <inheritdoc/>
    public void TestOutput(TestOutput text)
    {
        // The message of the red test is enough.
    }

    /// <inheritdoc/>
    public void SendMessage(TestMessage message)
    {
        // As above.
    }

    private bool IsNeeded(Type type) =>
        choice.Any(name => name[0] == '=' ? name.StartsWith($"={type.FullName}.", StringComparison.Ordinal) : name.Split('.')[0] == type.Name);

    private bool IsChosen(ITest test) =>
        !choice.Contains("-" + test.FullName)
        && choice.Any(name => name == "=" + test.FullName
            || (name.Split('.') is var parts && parts[0] == test.TypeInfo?.Type.Name && (parts.Length == 1 || parts[1] == test.MethodName)));
}
