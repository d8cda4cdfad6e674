using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace ReplyX.LocalHosting.Tests.Support;

internal static class Clients
{
    /// <summary>A client that shares no connection with any other.</summary>
    public static HttpClient CreateHttpClientOfItsOwn(this DistributedApplication app, string resource) =>
        new(new SocketsHttpHandler()) { BaseAddress = app.GetEndpoint(resource) };
}
