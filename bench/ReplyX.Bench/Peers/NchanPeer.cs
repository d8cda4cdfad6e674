using System.Diagnostics;
using System.Globalization;
using ReplyX.Bench.Processes;
using ReplyX.Testing;

namespace ReplyX.Bench.Peers;

/// <summary>nginx with Nchan, as Debian packages them.</summary>
internal sealed class NchanPeer : Peer
{
    private const string Module = "/usr/lib/nginx/modules/ngx_nchan_module.so";

    public override string Name => "nchan";

    public override string Title => "Nchan";

    public override string Description => "nginx with Nchan, a worker a core, a buffer of 64 messages a channel; a message is a `POST` over keep-alive connections of its channel's own";

    public override bool HasBareHandshake => false;

    public override string? Missing => MissingTool("nginx") ?? (File.Exists(Module) ? null : "libnginx-mod-nchan is not installed");

    protected override async Task StartAsync(RunningPeer running, CancellationToken cancel)
    {
        var port = FreePort.Next();
        var folder = new TempDirectory();
        running.Own(folder);
        var configuration = folder.File("nginx.conf");
        await File.WriteAllTextAsync(configuration, Configuration(port, folder.Path), cancel);
        var start = new ProcessStartInfo("nginx", ["-p", folder.Path, "-c", configuration, "-e", folder.File("error.log")]);
        var probe = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/alive"));
        running.Add(await ServerProcess.StartAsync(ServerName, start, probe, wantsSuccess: true, cancel));
        running.Protocol = new NchanProtocol(port);
    }

    private static string Configuration(int port, string folder) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        load_module {{Module}};
        {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
        daemon off;
        worker_processes auto;
        worker_rlimit_nofile 20000;
        pid {{folder}}/nginx.pid;
        events { worker_connections 19000; }
        http {
          access_log off;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          keepalive_requests 100000000;
          nchan_shared_memory_size 256M;
          server {
            listen 127.0.0.1:{{port}} backlog=4096;
            location = /alive { return 200; }
            location ~ ^/rooms/(.+)$ { nchan_subscriber websocket; nchan_channel_id $1; nchan_subscriber_first_message newest; }
            location ~ ^/publish/(.+)$ { nchan_publisher; nchan_channel_id $1; nchan_message_buffer_length 64; }
          }
        }
        """);
}
