using System.Security.Cryptography;
using Harness.Engine.Ports;

namespace Harness.Engine.Local.Runtime;

/// <summary>The cryptographic generator of the operating system. Safe for concurrent calls.</summary>
public sealed class SystemRandomSource : IRandomSource
{
    /// <inheritdoc/>
    public void Fill(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);
}
