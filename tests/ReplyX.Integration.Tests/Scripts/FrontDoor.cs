using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Scripts;

/// <summary>nginx with the configuration of a deploy, as <c>scripts/deploy/render-nginx.sh</c> writes it, before services of the test's own.</summary>
internal sealed class FrontDoor : IDisposable
{
    private const string Host = "chat.test";

    private readonly TempDirectory _folder;
    private readonly Process _nginx;

    private FrontDoor(TempDirectory folder, Process nginx, int port, int plainPort)
    {
        (_folder, _nginx) = (folder, nginx);
        Authority = $"{Host}:{port}";
        Url = new Uri($"https://{Authority}");
        PlainUrl = new Uri($"http://{Host}:{plainPort}");
        Invoker = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == $"CN={Host}" },
        };
        Http = new HttpClient(Invoker) { BaseAddress = Url, Timeout = TestTimeout.Default };
    }

    public string Authority { get; }

    public Uri Url { get; }

    public Uri PlainUrl { get; }

    public SocketsHttpHandler Invoker { get; }

    public HttpClient Http { get; }

    /// <summary>Starts it.</summary>
    /// <param name="api">The port of the Api.</param>
    /// <param name="nodes">The ports of the realtime nodes.</param>
    public static async Task<FrontDoor> StartAsync(int api, params int[] nodes)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Deploys are for Linux.");
        }

        Script.RequireTools();
        var program = RequiredTool.Path("nginx");
        var folder = new TempDirectory();
        var (port, plainPort) = (FreePort.Next(), FreePort.Next());
        WriteCertificate(folder);
        File.WriteAllText(folder.File("token"), "an-operations-token-for-this-test");
        File.WriteAllText(folder.File("services.env"), "");
        foreach (var file in (string[])["token", "services.env", "key.pem"])
        {
            File.SetUnixFileMode(folder.File(file), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.WriteAllText(folder.File("deploy.env"), $"""
            STATE_DIR={folder.File("state")}
            PUBLIC_URL=https://{Host}:{port}
            ENV_FILE={folder.File("services.env")}
            OPERATIONS_TOKEN_FILE={folder.File("token")}
            TLS_CERTIFICATE={folder.File("cert.pem")}
            TLS_KEY={folder.File("key.pem")}
            NGINX_HTTP_LISTEN={(Socket.OSSupportsIPv6 ? "[::]" : "127.0.0.1")}:{plainPort}
            NGINX_HTTPS_LISTEN=127.0.0.1:{port}
            """);
        var (code, output) = await Script.RunAsync("deploy/render-nginx.sh", ["--config", folder.File("deploy.env")], []);
        Assert.True(code == 0, output);

        var upstream = File.ReadAllText(Repository.File("deploy", "nginx", "upstreams", "processes", "colour.conf.template"))
            .Replace("${COLOUR}", "blue", StringComparison.Ordinal)
            .Replace("${API_PORT}", api.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("${REALTIME_SERVERS}", string.Concat(nodes.Select(node => $"server 127.0.0.1:{node} max_fails=0;\n")), StringComparison.Ordinal);
        File.WriteAllText(folder.File("state", "upstreams", "active.conf"), upstream);

        // The workers of root's nginx are another user.
        foreach (var open in (string[])[folder.Path, folder.File("state")])
        {
            File.SetUnixFileMode(open, File.GetUnixFileMode(open) | UnixFileMode.OtherExecute);
        }

        var nginx = Process.Start(new ProcessStartInfo(
            program, ["-p", folder.File("state", "nginx") + "/", "-c", folder.File("state", "nginx.conf"), "-g", "daemon off;"])
        {
            RedirectStandardError = true,
        })!;
        var door = new FrontDoor(folder, nginx, port, plainPort);
        await door.ListensAsync(port);
        return door;
    }

    /// <summary>Puts an answer where <c>certbot --webroot</c> puts it: into the folder that is there for it.</summary>
    public void AnswerAuthority(string name, string answer)
    {
        var folder = _folder.File("state", "nginx", "acme");
        Assert.True(Directory.Exists(folder), $"there is no {folder}");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, ".well-known", "acme-challenge")).FullName, name), answer);
    }

    /// <summary>Everything that it wrote so far.</summary>
    public string Logs() => string.Concat(
        Directory.EnumerateFiles(_folder.File("state"), "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".conf", StringComparison.Ordinal)).Select(File.ReadAllText));

    public void Dispose()
    {
        Http.Dispose();
        if (!_nginx.HasExited)
        {
            _nginx.Kill(entireProcessTree: true);
            _nginx.WaitForExit();
        }

        _nginx.Dispose();
        _folder.Dispose();
    }

    private async Task ListensAsync(int port)
    {
        var deadline = TestTimeout.Token();
        while (true)
        {
            Assert.False(_nginx.HasExited, _nginx.HasExited ? await _nginx.StandardError.ReadToEndAsync(deadline) : "");
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, deadline);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20, deadline);
            }
        }
    }

    private static void WriteCertificate(TempDirectory folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(folder.File("cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
