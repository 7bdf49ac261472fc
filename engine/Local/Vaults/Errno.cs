namespace Harness.Engine.Local.Vaults;

/// <summary>Linux error numbers that decide something; .NET carries them in <see cref="Exception.HResult"/>.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int Exists = 17;
    public const int NotDirectory = 20;
    public const int IsDirectory = 21;
    public const int InvalidArgument = 22;
    public const int NoSpace = 28;
    public const int ReadOnly = 30;
    public const int TooManyLinks = 31;
    public const int NoSystemCall = 38;
    public const int NotSupported = 95;
    public const int Quota = 122;
}
