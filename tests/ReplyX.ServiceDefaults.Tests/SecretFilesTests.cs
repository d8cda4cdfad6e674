using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ReplyX.ServiceDefaults.Hosting;
using ReplyX.Testing;

namespace ReplyX.ServiceDefaults.Tests;

public sealed class SecretFilesTests
{
    [Fact]
    public async Task A_file_is_a_setting_and_counts_more_than_a_variable()
    {
        using var folder = new TempDirectory();
        var cancellation = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(folder.File("Metrics__Token"), "the token of a file\n", cancellation);
        await File.WriteAllTextAsync(folder.File("ConnectionStrings__redis"), "redis:6379,password=a=b", cancellation);

        await using var service = await TestService.StartAsync(new()
        {
            [SecretFiles.FolderKey] = folder.Path,
            ["Metrics:Token"] = "the token of a variable",
        });
        using var scrape = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        scrape.Headers.Authorization = new("Bearer", "the token of a file");
        using var answer = await service.Client.SendAsync(scrape, cancellation);

        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        var configuration = (IConfiguration)service.Services.GetService(typeof(IConfiguration))!;
        Assert.Equal("redis:6379,password=a=b", configuration.GetConnectionString("redis"));
        using var old = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        old.Headers.Authorization = new("Bearer", "the token of a variable");
        using var refused = await service.Client.SendAsync(old, cancellation);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public void What_cannot_be_read_is_named_and_a_folder_that_is_missing_is_not()
    {
        using var folder = new TempDirectory();
        // A link to itself is a file that nobody can open, not even root.
        File.CreateSymbolicLink(folder.File("Tokens__SigningKey"), folder.File("Tokens__SigningKey"));

        var failure = Assert.Throws<OptionsValidationException>(() => Build(folder.Path));

        Assert.Contains(folder.Path, Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.Null(Build(folder.File("missing"))["Tokens:SigningKey"]);
    }

    private static ConfigurationManager Build(string folder)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [SecretFiles.FolderKey] = folder });
        builder.AddSecretFiles();
        return builder.Configuration;
    }
}
