// A client with the `ws` library: node ws-client.mjs PORT COOKIE QUESTION
// Prints one JSON object a line; times are nanoseconds of the machine's monotonic clock.
import WebSocket from 'ws';
import { randomUUID } from 'node:crypto';

const [port, cookie, question] = process.argv.slice(2);
const now = () => process.hrtime.bigint().toString();
const tell = (what) => console.log(JSON.stringify(what));

const id = randomUUID();
let run = null;
const socket = new WebSocket(`ws://127.0.0.1:${port}/chat`, {
  headers: { Cookie: `vestibule_session=${cookie}`, Origin: `http://127.0.0.1:${port}` },
  finishRequest: (request) => request.end(() => tell({ sentAt: now() })),
});
socket.on('open', () => {
  tell({ openedAt: now() });
  socket.send(JSON.stringify({ type: 'send', id, conversation: null, text: question }));
});
socket.on('message', (data) => {
  const frame = JSON.parse(data);
  if (frame.type === 'accepted' && frame.id === id) run = frame.run;
  // The user's other runs are heard on every socket.
  if (frame.type !== 'event' || frame.run !== run) return;
  tell({ event: frame.event });
  if (frame.event === 'agent_completed') socket.close(1000);
});
socket.on('unexpected-response', (_request, response) => {
  tell({ status: response.statusCode, retryAfter: response.headers['retry-after'] });
  let body = '';
  response.on('data', (chunk) => (body += chunk)).on('end', () => { tell({ body }); process.exit(1); });
});
socket.on('error', (error) => tell({ error: String(error) }));
socket.on('close', (code) => tell({ closed: code }));
