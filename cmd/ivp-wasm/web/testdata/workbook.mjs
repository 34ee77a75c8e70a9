// Gives the page a workbook with the mouse, confirms the proposed columns, looks at the
// rows of a cause, and saves the checked file and the report. Pictures go into the
// folder, if one is given.
export default async function workbook({ page, args: [file, stem, shots, scheme, width], downloaded }) {
  const began = Date.now();
  const shot = async (name) => shots && page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
  if (width) await page.setViewport({ width: Number(width), height: 844 });
  await page.waitForSelector('html[data-ready=true]');
  await shot('start');
  await (await page.$('#file')).uploadFile(file);
  const settled = () => page.waitForFunction(() => document.getElementById('working').hidden && !(document.getElementById('fault').hidden && document.getElementById('result').hidden));
  await settled();
  const fault = await page.$eval('#fault', (e) => (e.hidden ? '' : e.textContent));
  if (fault) {
    await shot('columns');
    await page.click('#columns button[type=submit]');
    await page.waitForSelector('#result:not([hidden]) .answer');
  }
  const result = {
    fault,
    answer: await page.$eval('#result .answer', (e) => e.textContent),
    counts: await page.$$eval('#result .tile .count', (all) => all.map((e) => e.textContent)),
    notes: await page.$$eval('#result li', (all) => all.map((e) => e.textContent)),
    width: await page.evaluate(() => document.documentElement.scrollWidth),
  };
  await shot('result');
  const cause = await page.$('#result button.cause');
  if (cause) {
    await cause.click();
    result.shown = await page.$$eval('#result .list tbody tr:not([hidden])', (all) => all.map((e) => e.cells[1].textContent));
    result.filter = await page.$eval('#result .filter', (e) => e.textContent);
    await page.click('#allrows');
  }
  await page.click('#download');
  result.csv = await downloaded(`${stem}.checked.csv`);
  await page.click('#report');
  result.report = await downloaded(`${stem}.report.html`);
  if (await page.$('#workbook')) {
    await page.click('#workbook');
    result.workbook = await downloaded(`${stem}.checked.xlsx`);
  }
  result.took = Date.now() - began;
  return result;
}
