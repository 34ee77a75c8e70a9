// A scenario of testdata/browsers/drive.mjs: an inventory is given to the page, and the
// checked file is saved. It returns the milliseconds that each takes.
export default async function run({ page, args: [inventory, saved], downloaded }) {
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true');
  const file = await page.$('#file');
  const start = performance.now();
  await file.uploadFile(inventory);
  await page.waitForFunction(() => document.querySelector('#download') && document.getElementById('working').hidden, { polling: 50 });
  const shown = performance.now();
  await page.click('#download');
  await downloaded(saved);
  return { shown: Math.round(shown - start), saved: Math.round(performance.now() - shown) };
}
