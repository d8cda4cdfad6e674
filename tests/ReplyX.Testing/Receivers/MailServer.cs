using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ReplyX.Testing;

/// <summary>A mail server without TLS that takes everything.</summary>
public sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public MailServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Its host and port.</summary>
    public string Address => $"{_listener.LocalEndpoint}";

    public string Url => $"smtp://{Address}";

    public ConcurrentQueue<string> Commands { get; } = new();

    public ConcurrentQueue<(string[] Recipients, string Text)> Messages { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                try
                {
                    await TalkAsync(client.GetStream());
                }
                catch (IOException)
                {
                    // The client left.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, new UTF8Encoding(false));
        await SayAsync("220 mail.example");
        List<string> recipients = [];
        while (await reader.ReadLineAsync(_stop.Token) is { } command)
        {
            Commands.Enqueue(command);
            var word = command.Split(' ', ':')[0].ToUpperInvariant();
            if (word == "RCPT")
            {
                recipients.Add(command.Split(':')[1].Split(' ')[0]);
            }

            await SayAsync(word switch
            {
                "EHLO" => "250-mail.example\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                _ => "250 ok",
            });
            if (word == "DATA")
            {
                var text = new StringBuilder();
                while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
                {
                    text.Append(line).Append("\r\n");
                }

                Messages.Enqueue(([.. recipients], text.ToString()));
                await SayAsync("250 taken");
            }
        }

        async Task SayAsync(string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _stop.Token);
    }
}
