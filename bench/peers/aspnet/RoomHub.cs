using Microsoft.AspNetCore.SignalR;

namespace ReplyX.Bench.AspNetPeers;

/// <summary>Rooms as SignalR's documentation has them: a group each.</summary>
internal sealed class RoomHub : Hub
{
    public Task Join(string room) => Groups.AddToGroupAsync(Context.ConnectionId, room);

    public Task Send(string room, string text) => Clients.Group(room).SendAsync("message", text);
}
