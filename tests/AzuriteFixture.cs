using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests;

/// <summary>Stops the shared Azurite after the last test. In the root namespace, since that is its scope in NUnit.</summary>
[SetUpFixture]
public sealed class AzuriteFixture
{
    [OneTimeTearDown]
    public Task StopAsync() => SharedAzurite.StopAsync();
}
