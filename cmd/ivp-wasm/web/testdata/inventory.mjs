// Gives the page a file, reads the counts, and saves the checked file.
export default async function inventory({ page, args: [file, checked], downloaded }) {
  await page.waitForSelector('html[data-ready=true]');
  await (await page.$('#file')).uploadFile(file);
  await page.waitForSelector('#result:not([hidden]) .answer');
  await page.click('#download');
  return {
    promise: await page.$eval('#promise', (e) => e.textContent),
    answer: await page.$eval('#result .answer', (e) => e.textContent),
    counts: await page.$$eval('#result .tile .count', (all) => all.map((e) => e.textContent)),
    csv: await downloaded(checked),
  };
}
