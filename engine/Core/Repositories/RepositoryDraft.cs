using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;

namespace Harness.Engine.Repositories;

/// <summary>
/// What a repository will be made of, before anything of it is in a vault: deriving its key takes as long as listing a small
/// source, and goes beside that. One logical thread.
/// </summary>
internal sealed class RepositoryDraft
{
    private readonly RepositoryParameters _parameters;
    private readonly byte[] _repositoryId;
    private readonly byte[] _master;
    private readonly byte[] _salt;
    private readonly byte[] _nonce;

    private RepositoryDraft(Passphrase passphrase, RepositoryParameters parameters, IRandomSource random, IWorkPool work)
    {
        _parameters = parameters;
        _repositoryId = Random(random, 16);
        _master = Random(random, KeyRing.KeyBytes);
        _salt = Random(random, KeyRing.SaltBytes);
        _nonce = Random(random, MasterKeyWrap.NonceBytes);
        Derivation = work.RunAsync(
            static state => MasterKeyWrap.KeyEncryptionKey(state.Passphrase, state.Salt, state.Iterations),
            (Passphrase: passphrase, Salt: _salt, Iterations: parameters.KdfIterations)).AsTask();
    }

    /// <summary>The key that the master key will be wrapped under; nobody may leave before it is done.</summary>
    public Task<byte[]> Derivation { get; }

    /// <summary>Begins; ArgumentInvalid for parameters that no repository can have.</summary>
    public static RepositoryDraft Begin(Passphrase passphrase, RepositoryParameters parameters, IRandomSource random, IWorkPool work)
    {
        if (parameters.PackBytes is < FormatLimits.SmallestPackBytes or > FormatLimits.LargestPackTargetBytes
            || parameters.KdfIterations is < 1 or > FormatLimits.KdfIterations)
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"A repository cannot have packs of {parameters.PackBytes} bytes and {parameters.KdfIterations} iterations.",
                $"Packs have {FormatLimits.SmallestPackBytes} to {FormatLimits.LargestPackTargetBytes} bytes, "
                + $"iterations are 1 to {FormatLimits.KdfIterations}.");
        }

        return new RepositoryDraft(passphrase, parameters, random, work);
    }

    /// <summary>The document of a repository that is created now.</summary>
    public RepositoryDocument Document(DateTimeOffset now) => new(
        RepositoryDocument.FormatName,
        FormatLimits.Version,
        Convert.ToHexStringLower(_repositoryId),
        FormatLimits.PageBytes,
        FormatLimits.RangeBytes,
        _parameters.PackBytes,
        now);

    /// <summary>The master key, wrapped for the repository whose document has that hash.</summary>
    public async ValueTask<KeyDocument> KeyAsync(Hash256 repo)
    {
        var wrapped = MasterKeyWrap.Wrap(_master, await Derivation, _nonce, _repositoryId, repo);
        return new KeyDocument(
            FormatLimits.Version,
            KeyDocument.KdfName,
            _parameters.KdfIterations,
            Convert.ToHexStringLower(_salt),
            repo.ToString(),
            Convert.ToHexStringLower(_nonce),
            Convert.ToHexStringLower(wrapped));
    }

    /// <summary>The keys that the master key gives.</summary>
    public KeyRing Keys() => new(_master, _repositoryId);

    private static byte[] Random(IRandomSource random, int count)
    {
        var bytes = new byte[count];
        random.Fill(bytes);
        return bytes;
    }
}
