// Opens a page in Chromium or Firefox, and runs a scenario in it:
//   node drive.mjs BROWSER PROGRAM FOLDER SCENARIO URL [ARGUMENT]...
// FOLDER is for downloads. The scenario is a module whose default export is called with
// what it needs. What it returns is printed as JSON, with the requests and the
// complaints of the page.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';

const [browserName, program, folder, scenario, url, ...args] = process.argv.slice(2);
const userDataDir = await mkdtemp(join(tmpdir(), 'ivp-browser-'));
const browser = await puppeteer.launch({
  browser: browserName, executablePath: program, protocol: browserName === 'firefox' ? 'webDriverBiDi' : 'cdp', userDataDir, downloadBehavior: browserName === "firefox" ? undefined : { policy: 'allow', downloadPath: folder },
  args: browserName === 'firefox' ? [] : ['--no-sandbox', '--disable-gpu', '--force-prefers-reduced-motion'], env: { ...process.env, HOME: userDataDir },
  extraPrefsFirefox: { 'ui.prefersReducedMotion': 1, 'browser.download.folderList': 2, 'browser.download.dir': folder, 'browser.download.useDownloadDir': true, 'browser.download.alwaysOpenPanel': false, 'browser.helperApps.neverAsk.saveToDisk': '*/*' },
});
let failed;
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  const requests = [], complaints = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.setViewport({ width: 1366, height: 900 });
  await page.goto(url);
  const { default: run } = await import(pathToFileURL(resolve(scenario)));
  const result = await run({ page, browser, args, downloaded });
  console.log(JSON.stringify({ result, requests, complaints }));
} catch (error) {
  failed = error;
}
await browser.close();
await rm(userDataDir, { recursive: true, force: true, maxRetries: 5 });
if (failed) throw failed;

/** Returns a file that the browser saves, in base64, once it is whole. */
async function downloaded(name) {
  for (let tries = 0; tries < 600; tries++) {
    const names = await readdir(folder);
    if (names.includes(name) && !names.some((other) => /\.(part|crdownload)$/.test(other))) {
      const bytes = await readFile(join(folder, name));
      if (bytes.length > 0) return bytes.toString('base64');
    }
    await new Promise((next) => setTimeout(next, 100));
  }
  throw new Error(`${name} was not saved`);
}
