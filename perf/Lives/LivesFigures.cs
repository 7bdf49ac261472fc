namespace Harness.Perf.Lives;

/// <summary>How fast small simulated lives go.</summary>
/// <param name="Lives">Lives measured.</param>
/// <param name="PerSecond">Lives a second by the wall clock, on one core.</param>
/// <param name="PerProcessorSecond">Lives a second of processor time, the collector's and the compiler's included.</param>
/// <param name="StepsPerLife">Steps of the kernel in a life.</param>
/// <param name="AllocatedBytesPerLife">Bytes allocated in a life.</param>
internal sealed record LivesFigures(
    int Lives, double PerSecond, double PerProcessorSecond, double StepsPerLife, double AllocatedBytesPerLife);
