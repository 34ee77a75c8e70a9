// Types a table with the keyboard in the tab for the Tables, saves its amendment file
// and checks a device by it: args are the table as JSON, and the name of the file.
export default async function ({ page, args: [text, name], downloaded }) {
  const { id, in_force: inForce, document: source, rows } = JSON.parse(text);
  const began = Date.now();
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true');
  await page.click('#tablestab');
  await page.waitForFunction(() => /Nothing is typed yet/.test(document.getElementById('tablesstatus').textContent));
  /** The field with a name for screen readers or a label. */
  const field = (label) => page.evaluateHandle((label) => {
    const found = [...document.querySelectorAll('#tables [aria-label]')].find((e) => e.getAttribute('aria-label') === label)
      ?? [...document.querySelectorAll('#tables label')].find((e) => e.textContent === label).control;
    found.closest('details')?.setAttribute('open', '');
    return found;
  }, label);
  const type = async (label, value) => { if (value) await (await field(label)).type(value); };
  await type('Name of the amendment', id);
  await type('In force from', inForce);
  await type('Source', source);
  for (const { family, version, start, end, gbcs, types, added } of rows) {
    const known = `${family === 'SMETS' ? 'SMETS2' : family} v${version}`;
    if (added) {
      await page.select('#newfamily', family);
      await page.type('#newversion', version);
      await page.keyboard.press('Enter');
    }
    const spec = added ? `${family} ${version}` : known;
    await type(`${spec}, first day`, start);
    if (end === 'open') await (await field(`${spec}, no end`)).press(' ');
    else await type(`${spec}, last day`, end);
    await type(`${spec}, gbcs versions`, gbcs);
    await type(`${spec}, device types`, types);
  }
  await page.click('#tablessave');
  const file = await downloaded(name);
  const status = await page.$eval('#tablesstatus', (e) => e.textContent);
  await page.click('#onetab');
  const answers = [];
  for (const on of ['2027-03-31', '2027-04-01']) {
    await page.$eval('#device', (form, on) => {
      document.getElementById('answer').replaceChildren();
      form.elements.spec.value = 'SMETS2 v4.2';
      form.elements.install_date.value = on;
      form.requestSubmit();
    }, on);
    await page.waitForSelector('#answer .verdict');
    answers.push(await page.$eval('#answer .verdict', (e) => e.textContent));
  }
  return { file, status, answers, seconds: (Date.now() - began) / 1000 };
}
