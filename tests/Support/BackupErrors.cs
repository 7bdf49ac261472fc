using Harness.Engine.Errors;
using NUnit.Framework;

namespace Harness.Tests.Support;

/// <summary>Asserts on the one kind of error that a person meets.</summary>
internal static class BackupErrors
{
    /// <summary>Runs the call and returns its BackupException; fails when there is none or it has another code.</summary>
    public static async Task<BackupException> ExpectAsync(ErrorCode code, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (BackupException error)
        {
            Assert.That(error.Code, Is.EqualTo(code), error.ToString());
            return error;
        }

        Assert.Fail($"Expected {code}, but the call succeeded.");
        throw new InvalidOperationException("Unreachable");
    }
}
