// Echoes, on HOST and PORT, after so many seconds in which it does not listen: argument 1.
import { setTimeout } from 'node:timers/promises';
import { WebSocketServer } from 'ws';

await setTimeout(Number(process.argv[2]) * 1000);
const began = Date.now();
const server = new WebSocketServer({ host: process.env.HOST ?? '127.0.0.1', port: Number(process.env.PORT ?? 0) });
server.on('connection', (socket) => {
  // A client that breaks the protocol is closed by ws, which then tells why.
  socket.on('error', () => {});
  socket.on('message', (data, binary) => socket.send(data, { binary }));
});
server.on('listening', () =>
  console.log(`server: port ${server.address().port} pid ${process.pid} listens since ${began}`));
