namespace Harness.Scenarios.Searches.Processes;

/// <summary>How a line between a client and a server breaks.</summary>
internal enum LineCut
{
    /// <summary>Both ends see that the other one has closed.</summary>
    Close,

    /// <summary>Both ends see a reset.</summary>
    Reset,

    /// <summary>The receiver sees the end of what is sent to it, and may still answer.</summary>
    HalfClose,

    /// <summary>Nothing more comes, and nobody says so.</summary>
    Stall,
}

/// <summary>Where and how one connection breaks.</summary>
/// <param name="Cut">How.</param>
/// <param name="OnAnswer">In what the server sends; otherwise in what the client sends.</param>
/// <param name="AfterBytes">After so many bytes of that direction.</param>
internal sealed record LineBreak(LineCut Cut, bool OnAnswer, long AfterBytes);
