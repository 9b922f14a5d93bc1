// The page in Chromium: node chromium-client.mjs PORT COOKIE QUESTION
// Says {"launched":true}, waits for a line on its input, opens the page, asks the question, and tells what it saw.
// Prints one JSON object a line; times are nanoseconds of the machine's monotonic clock.
import { chromium } from 'playwright-core';
import { createInterface } from 'node:readline';

const [port, cookie, question] = process.argv.slice(2);
const now = () => process.hrtime.bigint().toString();
const tell = (what) => console.log(JSON.stringify(what));
const origin = `http://127.0.0.1:${port}`;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const context = await browser.newContext();
await context.addCookies([{ name: 'vestibule_session', value: cookie, url: origin, httpOnly: true, sameSite: 'Lax' }]);
const page = await context.newPage();
let id = null;
let run = null;
let answered;
const answer = new Promise((resolve) => (answered = resolve));
page.on('websocket', (socket) => {
  tell({ sentAt: now() });
  let opened = false;
  socket.on('framesent', ({ payload }) => {
    const frame = JSON.parse(payload);
    if (frame.type === 'send') id = frame.id;
  });
  socket.on('framereceived', ({ payload }) => {
    if (!opened) tell({ openedAt: now() });
    opened = true;
    const frame = JSON.parse(payload);
    if (frame.type === 'accepted' && frame.id === id) run = frame.run;
    // The user's other runs are heard on every socket.
    if (frame.type !== 'event' || frame.run !== run) return;
    tell({ event: frame.event });
    if (frame.event === 'agent_completed') answered(frame.detail.text);
  });
  socket.on('close', () => tell({ closed: true }));
  socket.on('socketerror', (error) => tell({ error: String(error) }));
});
page.on('pageerror', (error) => tell({ pageError: String(error) }));
tell({ launched: true });
await new Promise((resolve) => createInterface({ input: process.stdin }).once('line', resolve));

await page.goto(origin, { timeout: 60_000 });
const composer = page.getByRole('textbox', { name: /message/i });
await composer.fill(question, { timeout: 60_000 });
await composer.press('Enter');
const words = (await answer).match(/[A-Za-z]{4,}/)[0];
await page.getByRole('log').getByText(words).first().waitFor({ timeout: 60_000 });
tell({ status: await page.getByRole('status').first().innerText() });
await page.reload();
await page.getByText(question).first().waitFor({ timeout: 60_000 });
tell({ afterReload: true });
await browser.close();
