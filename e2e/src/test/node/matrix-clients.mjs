// The clients of Node, and a page in Chromium: node matrix-clients.mjs ORIGIN HOUSE=PORT...
// Says ready, waits for a line on its input, calls at every house, and tells what a program is told:
// saw|CLIENT|HOUSE|WHAT, and end|... when it hears no more of that attempt.
import WebSocket from 'ws';
import Reconnecting from 'reconnecting-websocket';
import { chromium } from 'playwright-core';
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';

const [origin, ...args] = process.argv.slice(2);
const houses = args.map((arg) => arg.split('=')).filter(([house]) => house !== 'warm');
const url = (port, client) => `ws://127.0.0.1:${port}/echo?client=${client}`;
const tell = (...what) => console.log(what.join('|'));
const close = (code, reason) => `close ${code}${String(reason) ? ` "${reason}"` : ''}`;
const version = (name) => JSON.parse(readFileSync(new URL(`../../../node_modules/${name}/package.json`, import.meta.url))).version;

function plain(house, port) {
  const socket = new WebSocket(url(port, 'ws'), 'chat.v1');
  socket.on('open', () => { tell('saw', 'ws', house, 'open'); socket.send('hello'); });
  socket.on('message', () => tell('saw', 'ws', house, 'echo'));
  socket.on('error', (error) => tell('saw', 'ws', house, `error "${error.message}"`));
  socket.on('close', (code, reason) => tell('end', 'ws', house, close(code, reason)));
}

function reconnecting(house, port) {
  const name = 'reconnecting-websocket';
  const socket = new Reconnecting(url(port, name), 'chat.v1', { WebSocket });
  socket.addEventListener('open', () => { tell('saw', name, house, 'open'); socket.send('hello'); });
  socket.addEventListener('message', () => tell('saw', name, house, 'echo'));
  socket.addEventListener('error', (event) => tell('saw', name, house, `error "${event.message}"`));
  socket.addEventListener('close', (event) => {
    tell('saw', name, house, close(event.code, event.reason));
    // It tells of a close before it tells of the error that led there.
    setImmediate(() => tell('end', name, house, ''));
  });
}

// What people write: wait a little longer each time, and start anew once a socket has opened.
function naive(house, port, delay = 100) {
  const socket = new WebSocket(url(port, 'naive'), 'chat.v1');
  let next = Math.min(delay * 2, 30_000);
  socket.on('open', () => { next = 100; tell('saw', 'naive', house, 'open'); socket.send('hello'); });
  socket.on('message', () => tell('saw', 'naive', house, 'echo'));
  socket.on('error', (error) => tell('saw', 'naive', house, `error "${error.message}"`));
  socket.on('close', (code, reason) => {
    tell('end', 'naive', house, close(code, reason));
    setTimeout(() => naive(house, port, next), next === 100 ? 100 : delay);
  });
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const page = await browser.newPage();
await page.exposeFunction('tell', tell);
await page.goto(origin);
tell('version', 'ws', version('ws'));
tell('version', 'naive', version('ws'));
tell('version', 'reconnecting-websocket', version('reconnecting-websocket'));
tell('version', 'chromium', browser.version());
tell('ready');
await new Promise((resolve) => createInterface({ input: process.stdin }).once('line', resolve));

for (const [house, port] of houses) {
  plain(house, port);
  reconnecting(house, port);
  naive(house, port);
}
await page.evaluate((all) => {
  for (const [house, address] of all) {
    const socket = new WebSocket(address, 'chat.v1');
    const saw = (what) => window.tell('saw', 'chromium', house, what);
    socket.onopen = () => { saw('open'); socket.send('hello'); };
    socket.onmessage = () => saw('echo');
    socket.onerror = () => saw('error, without a word why');
    socket.onclose = ({ code, reason }) =>
      window.tell('end', 'chromium', house, `close ${code}${reason ? ` "${reason}"` : ''}`);
  }
}, houses.map(([house, port]) => [house, url(port, 'chromium')]));
