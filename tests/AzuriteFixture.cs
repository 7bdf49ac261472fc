using Harness.Tests.Support;
using NUnit.Framework;

// Fixtures run beside each other, as many as there are processors; what measures the memory of the whole process says [NonParallelizable].
[assembly: Parallelizable(ParallelScope.Fixtures)]

namespace Harness.Tests;

/// <summary>Stops the shared Azurite after the last test. In the root namespace, since that is its scope in NUnit.</summary>
[SetUpFixture]
public sealed class AzuriteFixture
{
    [OneTimeTearDown]
    public Task StopAsync() => SharedAzurite.StopAsync();
}
