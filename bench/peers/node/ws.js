// Rooms with ws: the path names the room, and what one socket says is sent on to every socket of its room.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const rooms = new Map();
const server = createServer((_, response) => response.end('alive'));
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket, request) => {
  socket.on('error', () => {});
  if (!request.url.startsWith('/rooms/')) {
    return;
  }

  const members = rooms.get(request.url) ?? new Set();
  rooms.set(request.url, members.add(socket));
  socket.on('close', () => members.delete(socket));
  socket.on('message', (data) => {
    for (const member of members) {
      member.send(data, { binary: false });
    }
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1', 4096);
