using Microsoft.Playwright;

namespace Harness.Tests.Pages;

/// <summary>A page in a browser, with what went wrong in it.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public OpenPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                Troubles.Add(message.Text);
            }
        };
        page.PageError += (_, error) => Troubles.Add(error);
        page.Request += (_, request) =>
        {
            if (request.Url.Split(':')[0] is not ("file" or "data" or "about" or "blob"))
            {
                Troubles.Add($"asked for {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Errors of the script, messages of the console, and everything that was asked of the network.</summary>
    public List<string> Troubles { get; } = [];

    public ILocator this[string selector] => Page.Locator(selector);

    /// <summary>The part of the address behind the number sign, with escapes undone.</summary>
    public string Fragment => Uri.UnescapeDataString(Page.Url.Contains('#', StringComparison.Ordinal) ? Page.Url[(Page.Url.IndexOf('#', StringComparison.Ordinal) + 1)..] : "");

    /// <summary>Loads an address anew, also where only the part behind the number sign differs.</summary>
    public async Task GoAsync(string address)
    {
        await Page.GotoAsync("about:blank");
        await Page.GotoAsync(address);
        await Page.WaitForFunctionAsync("document.documentElement.dataset.ready !== undefined");
    }

    /// <summary>What the script of the page says of itself.</summary>
    public Task<T> AskAsync<T>(string script) => Page.EvaluateAsync<T>(script);

    /// <summary>The text of the element that has the focus.</summary>
    public Task<string> FocusedTextAsync() => AskAsync<string>("document.activeElement.innerText");

    public Task PressAsync(string key) => Page.Keyboard.PressAsync(key);

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
