// The page of a startup in Chromium: node startup-page.mjs URL
// Opens it, watches it until startup is complete, and tells each heading that it saw and whether it was ever loaded again.
// Prints one JSON object a line.
import { chromium } from 'playwright-core';

const [url] = process.argv.slice(2);
const tell = (what) => console.log(JSON.stringify(what));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const page = await browser.newPage();
let loads = 0;
page.on('pageerror', (error) => tell({ pageError: String(error) }));
page.on('console', (message) => {
  // The status is 503 until startup is complete, and Chromium notes it.
  if (message.type() === 'error' && !message.text().includes('503')) tell({ consoleError: message.text() });
});
page.on('request', (request) => {
  if (request.resourceType() === 'eventsource') tell({ follows: new URL(request.url()).search });
  if (request.isNavigationRequest()) loads++;
});
await page.goto(url, { timeout: 60_000 });
const heading = page.getByRole('heading', { level: 1 });
tell({ heading: await heading.innerText() });
await page.getByText('Startup: complete').waitFor({ timeout: 60_000 });
tell({ heading: await heading.innerText(), title: await page.title() });
tell({ status: await page.getByRole('status').nth(1).innerText() });
for (const name of await page.getByRole('rowheader').allInnerTexts()) tell({ row: name });
tell({ sections: await page.getByRole('heading', { level: 2 }).allInnerTexts() });
tell({ loads });
await browser.close();
