using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Api.Authentication;

namespace ReplyX.Api.Tests.Operators;

public sealed class RemovalTests(SharedServers servers) : ApiTest(servers)
{
    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task A_removed_operator_is_refused_by_every_endpoint_at_once(RedisKind kind)
    {
        var api = await ApiAsync(kind);
        var account = await api.NewAccountAsync();
        var (dialog, anna, boris) = (await account.OpenWidgetAsync(), await account.OwnerAsync(), await account.OperatorAsync("Boris"));
        (await dialog.AnswerAsync(boris, "here", "1")).Is(HttpStatusCode.Created);

        Assert.Equal(HttpStatusCode.NoContent, (await RemoveAsync(api, "boris", anna)).Status);

        var asked = 0;
        foreach (var endpoint in api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<CredentialMetadata>()?.Accepted.HasFlag(Credential.Operator) != true)
            {
                continue;
            }

            asked++;
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single();
            var path = endpoint.RoutePattern.RawText!.Replace("{id}", $"{dialog.Id}", StringComparison.Ordinal);
            var body = method == "POST" ? new { text = "x", client_id = $"c{asked}", site_id = "shop" } : null;
            var request = new HttpRequestMessage(new HttpMethod(method), path)
            {
                Content = body is null ? null : System.Net.Http.Json.JsonContent.Create(body),
            };
            var answer = await api.SendAsync(request, boris);
            Assert.True(answer.Code == "token_revoked", $"{method} {path}: {answer}");
            answer.IsProblem(401, "token_revoked");
        }

        Assert.True(asked >= 28, $"{asked} endpoints take an operator's token");
        Assert.Equal(2, (await dialog.ReadAsync()).Items.Count);
        Assert.Equal(1, (await api.Accounts.FindSiteAsync(account.Id, "shop", TestTimeout.Token()))!.TokenVersion);
        (await api.PostAsync("/api/operator/sign-in", new { login = account.Login("Boris"), password = TestApi.DemoPassword }))
            .IsProblem(401, "sign_in_failed");
        (await dialog.AnswerAsync(anna, "I stay", "2")).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_account_s_operators_are_listed_and_no_other_s()
    {
        var api = await ApiAsync();
        var (account, other) = (await api.NewAccountAsync(), await api.NewAccountAsync());
        await account.OperatorAsync("Boris");
        await other.OperatorAsync("Clara");
        var anna = await account.OwnerAsync();

        var listed = (await api.GetAsync("/api/operators", anna)).Is(HttpStatusCode.OK);

        Assert.Equal(
            [("anna", "Anna", account.Login("Anna"), "owner"), ("boris", "Boris", account.Login("Boris"), "operator")],
            listed.Items.Select(item => (Text(item, "id"), Text(item, "name"), Text(item, "login"), Text(item, "role"))));
        Assert.DoesNotContain("password", listed.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("hash", listed.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Nobody_removes_themselves_a_stranger_or_somebody_twice()
    {
        var api = await ApiAsync();
        var (account, other) = (await api.NewAccountAsync(), await api.NewAccountAsync());
        var (anna, clara) = (await account.OwnerAsync(), await other.OwnerAsync("Clara"));
        var boris = await account.OperatorAsync("Boris");
        var dialog = await account.OpenWidgetAsync();

        (await RemoveAsync(api, "anna", anna)).IsProblem(409, "cannot_remove_self");
        (await RemoveAsync(api, "clara", anna)).IsProblem(404, "operator_not_found");
        (await RemoveAsync(api, "boris", dialog.Token)).IsProblem(401, "token_invalid");
        (await RemoveAsync(api, "anna", boris)).IsProblem(403, "owners_only");
        Assert.Equal(HttpStatusCode.NoContent, (await RemoveAsync(api, "boris", anna)).Status);
        (await RemoveAsync(api, "boris", anna)).IsProblem(404, "operator_not_found");
        (await api.GetAsync("/api/dialogs", clara)).Is(HttpStatusCode.OK);
        (await api.GetAsync("/api/dialogs", anna)).Is(HttpStatusCode.OK);
    }

    private static string? Text(JsonElement item, string name) => item.GetProperty(name).GetString();

    private static Task<Answer> RemoveAsync(TestApi api, string id, string token) =>
        api.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/operators/{id}"), token);
}
