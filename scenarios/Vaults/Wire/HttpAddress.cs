using Harness.Simulator.Faults;

namespace Harness.Scenarios.Vaults.Wire;

/// <summary>Which call of the vault an HTTP request is, as faults address it (FAULT_MODEL.md section 2).</summary>
/// <param name="Operation">One of <see cref="FaultCatalog.Kinds"/>.</param>
/// <param name="Key">Name of the blob, or prefix of the listing.</param>
internal readonly record struct HttpAddress(string Operation, string Key)
{
    private const string Range = "x-ms-range";

    /// <summary>The address; null for requests that are no call of the port, such as the creation of the container.</summary>
    /// <param name="request">A request of the Blob service's REST interface.</param>
    /// <param name="isAccountInPath">Whether the path begins with the account, as on emulators.</param>
    public static HttpAddress? Of(HttpRequestMessage request, bool isAccountInPath)
    {
        var path = Uri.UnescapeDataString(request.RequestUri!.AbsolutePath).TrimStart('/');
        var parts = path.Split('/', isAccountInPath ? 3 : 2);
        var blob = parts.Length == (isAccountInPath ? 3 : 2) ? parts[^1] : "";
        if (blob.Length == 0)
        {
            return request.Method == HttpMethod.Get && Query(request, "comp") == "list"
                ? new HttpAddress("vault.list", Query(request, "prefix") ?? "")
                : null;
        }

        var operation = request.Method.Method switch
        {
            "PUT" => "vault.create",
            "GET" => request.Headers.Contains(Range) ? "vault.read-range" : "vault.read",
            "HEAD" => "vault.length",
            "DELETE" => "vault.delete",
            _ => null,
        };
        return operation is null ? null : new HttpAddress(operation, blob);
    }

    /// <summary>Whether the client goes on with a body that broke off: the same call, not another one.</summary>
    public static bool IsContinuation(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get && request.Headers.Contains(Range) && request.Headers.Contains("If-Match");

    private static string? Query(HttpRequestMessage request, string name) => request.RequestUri!.Query.TrimStart('?').Split('&')
        .Select(part => part.Split('=', 2))
        .Where(pair => pair.Length == 2 && pair[0] == name)
        .Select(pair => Uri.UnescapeDataString(pair[1]))
        .FirstOrDefault();
}
