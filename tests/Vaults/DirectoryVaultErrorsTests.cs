using Harness.Engine.Errors;
using Harness.Engine.Local.Vaults;
using NUnit.Framework;

namespace Harness.Tests.Vaults;

[TestFixture]
public sealed class DirectoryVaultErrorsTests
{
    [TestCase(Errno.NoSpace, ErrorCode.VaultFull)]
    [TestCase(Errno.Quota, ErrorCode.VaultFull)]
    [TestCase(unchecked((int)0x80070070), ErrorCode.VaultFull)]
    [TestCase(Errno.ReadOnly, ErrorCode.VaultAccessDenied)]
    [TestCase(Errno.NotPermitted, ErrorCode.VaultAccessDenied)]
    [TestCase(Errno.NotDirectory, ErrorCode.VaultUnreachable)]
    [TestCase(5, ErrorCode.VaultUnreachable)]
    public void Translate_IOExceptionWithNumber_GivesCode(int number, ErrorCode expected)
    {
        BackupException error = DirectoryVaultErrors.Translate(new IOException("text", number), "packs/a", "dir:/v");

        Assert.That(error.Code, Is.EqualTo(expected));
        Assert.That(error.Message, Does.Contain("dir:/v").And.Contain("packs/a"));
        Assert.That(error.Remedy, Is.Not.Empty);
    }

    [Test]
    public void Translate_UnauthorizedAccess_GivesAccessDenied()
    {
        BackupException error = DirectoryVaultErrors.Translate(new UnauthorizedAccessException("text"), "a", "dir:/v");

        Assert.That(error.Code, Is.EqualTo(ErrorCode.VaultAccessDenied));
    }
}
