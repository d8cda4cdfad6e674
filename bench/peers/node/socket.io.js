// Rooms with Socket.IO, as its documentation has them.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const server = createServer((_, response) => response.end('alive'));
const io = new Server(server, { transports: ['websocket'], serveClient: false });
io.on('connection', (socket) => {
  socket.on('join', (room, joined) => {
    socket.join(room);
    joined();
  });
  socket.on('send', (room, text) => io.to(room).emit('message', text));
});
server.listen(Number(process.argv[2]), '127.0.0.1', 4096);
