using ReplyX.Bench.AspNetPeers;

// The ASP.NET peers of the benchmark, with their defaults: `signalr`, `signalr <Redis>` or `websockets`. ASPNETCORE_URLS says where.
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
switch (args)
{
    case ["signalr"]:
        builder.Services.AddSignalR();
        break;
    case ["signalr", var redis]:
        builder.Services.AddSignalR().AddStackExchangeRedis(redis);
        break;
    case ["websockets"]:
        builder.Services.AddSingleton<SocketRooms>();
        break;
    default:
        Console.Error.WriteLine("usage: ReplyX.Bench.AspNetPeers signalr [REDIS] | websockets");
        return 2;
}

var app = builder.Build();
app.MapGet("/alive", () => "alive");
if (args[0] == "signalr")
{
    app.MapHub<RoomHub>("/chat");
}
else
{
    app.UseWebSockets();
    app.Map("/rooms/{room}", (string room, HttpContext context, SocketRooms rooms) => rooms.ServeAsync(room, context));
    app.Map("/", (HttpContext context, SocketRooms rooms) => rooms.ServeAsync(room: null, context));
}

await app.RunAsync();
return 0;
