// The tab in which a person types what the Tables say: a row for each version, with
// what the rules know beside each field. It makes an amendment file.
import { dated, element, plural, shown } from './dom.mjs';

/** The fields of a row, in the order of their columns, and those below the last. */
const fields = {
  start: { title: 'First day' },
  end: { title: 'Last day' },
  seen: { title: 'Seen standing on' },
  gbcs: { title: 'GBCS versions' },
};
const more = { types: 'Device types', withdrawn: 'No longer permitted' };

/** The fields of the amendment as a whole. */
const heads = [
  { name: 'id', title: 'Name of the amendment', says: 'Every answer that depends on it shows the name. A capital letter, then letters, digits and hyphens.' },
  { name: 'in_force', title: 'In force from', hint: 'dd/mm/yyyy', says: 'The first day on which a source shows these Tables in force.' },
  { name: 'document', title: 'Source', wide: true, says: 'Words by which a reader finds it, such as the name and the version of the document.' },
  { name: 'vouched', title: 'Last checked on', hint: 'dd/mm/yyyy', says: 'The day on which you last saw the Tables say this. Until that day no warning says that the rules may have changed.' },
  { name: 'whole', title: 'I have gone through the whole of the Tables', tick: true, says: 'Then that day counts for every version, not only for those typed here.' },
];
const moreHeads = [
  { name: 'title', title: 'Title', wide: true, says: 'What the amendment does; if empty, the versions and the source.' },
  { name: 'perhaps_from', title: 'Perhaps in force from', hint: 'dd/mm/yyyy', says: 'An earlier day, if no source says from which day they were in force.' },
  { name: 'url', title: 'Address of the source', wide: true },
  { name: 'quotes', title: 'Quotations', lines: true, says: 'Word for word, each in a line of its own.' },
  { name: 'note', title: 'Note', lines: true, says: 'What else a reader must know.' },
];

const families = { SMETS: 'SMETS', CHTS: 'Communications hubs (CHTS)', GBCS: 'GBCS' };
const notKnown = 'not on record';

/** A fault in words. */
function words({ problem, want, do: advice }) {
  const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.?!]$/.test(text) ? '' : '.');
  return [sentence(problem), want && sentence(`expected: ${want}`), advice && sentence(advice)].filter(Boolean).join(' ');
}

let numbers = 0;

/** A field with its label, what is known and its fault; name is its label alone, for a screen reader. */
function fieldOf({ title, aria, hint, says, tick, lines, wide }) {
  const id = `t${++numbers}`;
  const input = element(lines ? 'textarea' : 'input', { id, type: lines ? null : tick ? 'checkbox' : 'text', rows: lines && 2, placeholder: hint, 'aria-label': aria, autocomplete: 'off', spellcheck: 'false', 'aria-describedby': `${id}k ${id}f` });
  const known = element('span', { id: `${id}k`, class: 'known' }, says);
  const fault = element('span', { id: `${id}f`, class: 'cellfault' });
  const label = aria ? null : element('label', { for: id }, title);
  const place = element('div', { class: ['field', tick && 'tickfield', wide && 'widefield'].filter(Boolean).join(' ') }, ...(tick ? [input, label] : [label, input]), known, fault);
  return { input, known, place, title,
    get value() { return tick ? input.checked : input.value.trim(); },
    set value(value) { if (tick) input.checked = Boolean(value); else input.value = value ?? ''; },
    say(texts, wrong) {
      fault.textContent = shown(texts.join(' '));
      fault.classList.toggle('wrong', Boolean(wrong));
      if (wrong) input.setAttribute('aria-invalid', 'true'); else input.removeAttribute('aria-invalid');
    } };
}

const day = (text) => Date.parse(text) / 864e5; // days since 1970

/** The years of a picture of periods. */
function axisOf(known) {
  const days = known.flatMap(({ from, first_seen: seen, to }) => [from, seen, to].filter(Boolean)).map((text) => Number(text.slice(0, 4)));
  const now = new Date().getFullYear();
  const first = Math.min(now - 5, ...days), last = Math.min(Math.max(now + 3, ...days.map((year) => year + 1)), now + 25);
  const start = day(`${first}-01-01`), length = day(`${last}-01-01`) - start;
  return { first, last, at: (text) => Math.max(0, Math.min(100, 100 * (day(text) - start) / length)) };
}

/** The parts of the bar of a version: solid where it may be installed, hatched where that is unknown. */
function parts(version, axis) {
  if (!version) return { solid: [0, 0], unknown: [[0, 100]], says: 'nothing is known yet' };
  const { from, first_seen: firstSeen, to, last_seen: lastSeen, open } = version;
  const begins = from ?? firstSeen, ends = to ?? lastSeen;
  if (!begins || (!ends && !open)) return { solid: [0, 0], unknown: [[0, 100]], says: 'the first and the last day are in doubt' };
  const start = axis.at(begins), end = Math.max(start, open ? 100 : axis.at(ends));
  return {
    solid: [start, end], open, unknown: [...(from ? [] : [[0, start]]), ...(to || open ? [] : [[end, 100]])],
    says: [from ? `from ${dated(from)}` : `first day unknown, seen from ${dated(firstSeen)}`, open ? 'no end set' : to ? `to ${dated(to)}` : `last day unknown, seen to ${dated(lastSeen)}`].join('; '),
  };
}

const keyOf = ({ family, version, scope }) => `${family} ${version} ${(scope ?? '').toLowerCase()}`;

/**
 * Builds the tab in a section. engine.tables({table, file}) answers by the rules
 * without the amendment of this tab; applied({name, text}) puts the amendment into
 * the rules of the page, and applied(null) takes it out. Returns refresh(), for when
 * the other rules change.
 */
export function mountTables(section, engine, applied) {
  const rows = [];
  let known = [];
  let kept = {}; // of a continued file, what no field shows
  let inUse = null; // the text of the amendment that the page uses
  let made = null; // the amendment file of the table, if it has no fault
  let saved = true; // whether all that is typed is in a file
  let pressed = false; // whether the user has tried to save
  let running = false, again = false, apply = false;

  const head = Object.fromEntries([...heads, ...moreHeads].map((one) => [one.name, fieldOf(one)]));
  const open = element('input', { type: 'file', class: 'aloud', accept: '.json,application/json', id: 'tablesopen' });
  const save = element('button', { type: 'button', id: 'tablessave' }, 'Save the amendment file');
  const status = element('div', { id: 'tablesstatus', role: 'status', 'aria-live': 'polite' });
  const failure = element('div', { class: 'fault', role: 'alert', id: 'tablesfault', hidden: true });
  const remarks = element('ul', { class: 'tableremarks' });
  const axisText = element('span', { class: 'axis', 'aria-hidden': 'true' });
  const bodies = Object.fromEntries(Object.entries(families).map(([family, title]) => [family,
    element('tbody', {}, element('tr', { class: 'family' }, element('th', { colspan: 5, scope: 'rowgroup' }, title)))]));
  const family = element('select', { id: 'newfamily' }, ...Object.keys(families).map((name) => element('option', {}, name)));
  const version = element('input', { id: 'newversion', size: 6, autocomplete: 'off' });
  const scope = element('input', { id: 'newscope', size: 12, autocomplete: 'off' });
  const add = element('form', { class: 'fields addrow', autocomplete: 'off' },
    element('label', {}, 'Specification', family), element('label', {}, 'Version', version), element('label', {}, 'Scope, if it is not the general case', scope),
    element('button', { type: 'submit' }, 'Add a row'));

  section.append(
    element('p', {}, 'With Schedule 11 beside you, type what it says: the grey text is what the rules know today. An empty field leaves that as it is, and for a new version it is unknown. Unknown is never permission: if the Tables set no end, tick “no end”.'),
    element('p', { class: 'quiet' }, 'Dates are day first: 27/04/2023 or 27 April 2023. If you cannot read a last day in the Tables, give the last day on which you saw the version standing in them. If they no longer list a version, write “removed” as its last day.'),
    element('p', {}, element('label', { class: 'filelabel' }, open, element('strong', { class: 'button' }, 'Continue an amendment file'))),
    failure,
    element('div', { class: 'typed', role: 'group', 'aria-label': 'The amendment' }, ...heads.map(({ name }) => head[name].place)),
    element('details', {}, element('summary', {}, 'Title, address, quotations, note'), element('div', { class: 'typed' }, ...moreHeads.map(({ name }) => head[name].place))),
    element('table', { class: 'typedtable' },
      element('caption', {}, 'The Tables, as the rules know them and as you type them'),
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Version ', axisText), ...Object.values(fields).map(({ title }) => element('th', { scope: 'col' }, title)))),
      ...Object.values(bodies)),
    element('p', { class: 'quiet legend' }, element('span', { class: 'swatch solid' }), ' may be installed  ', element('span', { class: 'swatch unknown' }), ' unknown'),
    element('h3', {}, 'A version that is not in the list'), add,
    remarks, element('div', { class: 'tablesend' }, status, save));

  /** Adds a row. added means that the user, or a file, brought it. */
  function addRow({ family, version, scope, spec }, added) {
    const name = [spec ?? `${family} ${version}`, scope].filter(Boolean).join(', ');
    const cells = Object.fromEntries(Object.entries(fields).map(([field, { title }]) => [field, fieldOf({ aria: `${name}, ${title.toLowerCase()}` })]));
    for (const [field, title] of Object.entries(more)) cells[field] = fieldOf({ title, aria: `${name}, ${title.toLowerCase()}` });
    const bar = element('div', { class: 'tablebar', role: 'img' });
    const fault = element('span', { class: 'cellfault' });
    const tick = element('input', { type: 'checkbox', 'aria-label': `${name}, no end` });
    const titled = element('span', { class: 'versionname' }, name);
    const row = { family, version, scope, name, title: titled, cells, bar, fault, added, kept: {} };
    const { input } = cells.end;
    tick.addEventListener('change', () => {
      input.value = tick.checked ? 'open' : '';
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
    row.showTick = () => { tick.checked = /^(open|no end( date)?)$/i.test(cells.end.value); };
    for (const field of ['start', 'end', 'seen']) cells[field].input.addEventListener('input', () => { row.kept = {}; row.showTick(); }); // what was said of the earlier date does not hold for this one
    cells.end.known.after(element('label', { class: 'openend' }, tick, ' no end'));
    const extra = element('details', { class: 'extra' }, element('summary', { 'aria-label': `${name}, more` }, 'Device types, withdrawn'),
      ...Object.entries(more).map(([field, title]) => { cells[field].place.prepend(element('span', { class: 'fieldtitle', 'aria-hidden': 'true' }, title)); return cells[field].place; }));
    row.extra = extra;
    const paired = family !== 'GBCS' && !scope; // pairs are those of a version in every scope
    const remove = !added ? null : element('button', { type: 'button', class: 'small', 'aria-label': `Remove the row of ${name}` }, 'Remove');
    row.tr = element('tr', {},
      element('th', { scope: 'row' }, titled, remove, bar, fault),
      ...['start', 'end', 'seen'].map((field) => element('td', { 'data-title': fields[field].title }, cells[field].place)),
      element('td', { 'data-title': paired ? fields.gbcs.title : null }, ...(paired ? [cells.gbcs.place, extra] : [])));
    if (remove) {
      remove.onclick = () => {
        take(row);
        version.focus();
        check(true);
      };
    }
    const after = rows.findLast((one) => one.family === family && one.version.localeCompare(version, 'en', { numeric: true }) <= 0);
    if (after) after.tr.after(row.tr); else bodies[family].firstElementChild.after(row.tr);
    rows.splice(after ? rows.indexOf(after) + 1 : rows.length, 0, row);
    return row;
  }

  function take(row) {
    rows.splice(rows.indexOf(row), 1);
    row.tr.remove();
  }

  /** What is typed in a row, or null. */
  function typedIn(row) {
    const typed = Object.fromEntries(Object.entries(row.cells).map(([field, cell]) => [field, cell.value]).filter(([, value]) => value));
    if (!row.added && Object.keys(typed).length === 0) return null;
    return { family: row.family, version: row.version, ...(row.scope && { scope: row.scope }), ...typed, ...row.kept };
  }

  /** The table as the engine reads it, and the rows in their order. */
  function typed() {
    const used = rows.toSorted((a, b) => Object.keys(families).indexOf(a.family) - Object.keys(families).indexOf(b.family)).filter(typedIn);
    const { quotes, ...rest } = Object.fromEntries(Object.entries(head).map(([name, field]) => [name, field.value]));
    return { used, table: { ...rest, quotes: quotes.split('\n').map((line) => line.trim()).filter(Boolean), rows: used.map(typedIn) } };
  }

  /** Checks what is typed; with applying, the page then uses it. Calls do not overlap. */
  async function check(applying) {
    apply ||= applying;
    again = true;
    if (running) return;
    running = true;
    try {
      while (again) {
        again = false;
        const { used, table } = typed();
        const reply = await engine.tables(used.length ? { table } : {});
        if (!again) show(reply, used);
      }
      failure.hidden = true;
    } catch (fault) {
      made = null;
      use(null);
      fail(fault.message);
    } finally {
      running = false;
    }
  }

  function fail(message) {
    failure.textContent = shown(message);
    failure.hidden = false;
  }

  /** Gives the page an amendment, or takes away the one that it uses. */
  function use(file) {
    apply = false;
    if ((file?.text ?? null) === inUse) return;
    inUse = file?.text ?? null;
    applied(file);
  }

  function show({ known: latest, checked }, used) {
    known = latest;
    for (const row of rows.filter((one) => !typedIn(one) && !known.some((other) => keyOf(other) === keyOf(one)))) take(row);
    for (const one of known) if (!rows.some((row) => keyOf(row) === keyOf(one))) addRow(one, false);
    made = checked?.file ? { name: checked.name, text: checked.file } : null;
    showKnown(checked?.then ?? known);
    showFaults(checked, used);
    if (apply) use(made);
    showStatus(checked, used);
  }

  /** Shows what the rules know beside each field, and the bars. */
  function showKnown(then) {
    const axis = axisOf([...known, ...then]);
    axisText.textContent = `${axis.first} to ${axis.last}`;
    const today = axis.at(new Date().toISOString().slice(0, 10));
    for (const row of rows) {
      const now = known.find((one) => keyOf(one) === keyOf(row));
      const after = then.find((one) => keyOf(one) === keyOf(row));
      const { start, end, seen, gbcs, types, withdrawn } = row.cells;
      start.known.textContent = now ? now.start ?? notKnown : 'new';
      end.known.textContent = now ? { open: 'no end' }[now.end] ?? now.end ?? notKnown : 'new';
      seen.known.textContent = now?.seen ?? '';
      gbcs.known.textContent = now ? now.gbcs ?? 'none on record' : '';
      types.known.textContent = now?.types ?? '';
      withdrawn.known.textContent = 'GBCS versions that no longer go with it';
      if (after) row.title.textContent = [after.spec, row.scope].filter(Boolean).join(', ');
      const { solid, unknown, open, says } = parts(after, axis);
      const part = (kind, [from, to]) => element('span', { class: kind, style: `left:${from}%;width:${to - from}%` });
      const was = row.bar.querySelector('.solid');
      const bar = was ?? part('solid', solid);
      bar.style.cssText = `left:${solid[0]}%;width:${solid[1] - solid[0]}%`; // the same element, so that it grows
      bar.classList.toggle('openbar', Boolean(open));
      for (const old of row.bar.querySelectorAll(':not(.solid)')) old.remove();
      if (!was) row.bar.append(bar);
      row.bar.prepend(...unknown.map((one) => part('unknown', one)));
      row.bar.append(element('span', { class: 'now', style: `left:${today}%` }));
      row.bar.setAttribute('aria-label', `${row.name}: ${says}`);
    }
  }

  /** Shows faults and warnings at their fields; the rest below the table. */
  function showFaults(checked, used) {
    for (const row of rows) {
      row.fault.textContent = '';
      for (const cell of Object.values(row.cells)) cell.say([]);
    }
    for (const field of Object.values(head)) field.say([]);
    const { faults = [], warnings = [] } = checked ?? {};
    const rest = [];
    const texts = new Map(); // by field
    for (const [one, wrong] of [...faults.map((f) => [f, true]), ...warnings.map((w) => [w, false])]) {
      const row = used[(one.row ?? 0) - 1];
      const cell = row ? row.cells[one.column] : head[one.column];
      if (!row && wrong && !one.value && !pressed && cell) continue; // not filled in yet: the status says so
      if (cell) {
        const at = texts.get(cell) ?? { says: [], wrong: false };
        texts.set(cell, { says: [...at.says, words(one)], wrong: at.wrong || wrong });
        if (row && one.column in more) row.extra.open = true;
      } else if (row) {
        row.fault.textContent = shown(`${row.fault.textContent} ${words(one)}`.trim());
        row.fault.classList.toggle('wrong', wrong);
      } else {
        rest.push(element('li', { class: wrong ? 'wrong' : null }, words(one)));
      }
    }
    for (const [cell, { says, wrong }] of texts) cell.say(says, wrong);
    remarks.replaceChildren(...rest);
  }

  function showStatus(checked, used) {
    const then = checked?.then ?? known;
    const unknown = then.flatMap((one) => one.unknown).length;
    const lines = [];
    if (!checked) {
      lines.push(['Nothing is typed yet.']);
    } else if (made) {
      lines.push([element('strong', {}, checked.summary)], [inUse === made.text ? 'The answers of this page use it.' : 'The answers of this page do not use it yet: leave the field, or save.']);
    } else {
      const missing = checked.faults.filter((one) => !one.row && !one.value && head[one.column]).map((one) => head[one.column].title.toLowerCase());
      const wrong = checked.faults.length - missing.length;
      if (wrong) lines.push([element('strong', {}, `${plural(wrong, 'field')} to correct.`)]);
      if (missing.length) lines.push([`Still to fill in: ${missing.join(', ')}.`]);
      lines.push(['The answers of this page do not use the table yet.']);
    }
    lines.push([`Unknown: ${unknown} of ${2 * then.length} first and last days.`]);
    status.replaceChildren(...lines.map((line) => element('p', {}, ...line)));
  }

  section.addEventListener('input', ({ target }) => {
    if (target === open || add.contains(target)) return;
    saved = false;
    check(false);
  });
  section.addEventListener('change', ({ target }) => {
    if (target !== open && !add.contains(target)) check(true);
  });
  add.addEventListener('submit', (event) => {
    event.preventDefault();
    const one = { family: family.value, version: version.value.trim(), scope: scope.value.trim() };
    if (!one.version) { version.focus(); return; }
    const row = rows.find((other) => keyOf(other) === keyOf(one)) ?? addRow(one, true);
    version.value = scope.value = '';
    row.cells.start.input.focus();
    saved = false;
    check(true);
  });
  save.addEventListener('click', async () => {
    pressed = true;
    await check(true);
    while (running) await new Promise((done) => setTimeout(done, 20)); // a check that had begun before
    if (!made) {
      const first = section.querySelector('[aria-invalid=true]');
      first?.closest('details')?.setAttribute('open', '');
      (first ?? section.querySelector('input[type=text]')).focus();
      return;
    }
    const url = URL.createObjectURL(new Blob([made.text], { type: 'application/json' }));
    element('a', { href: url, download: made.name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    saved = true;
  });
  open.addEventListener('change', async () => {
    const [file] = open.files;
    open.value = '';
    if (!file || (!saved && !confirm('What is typed here is not saved. Open the file in its place?'))) return;
    try {
      const { table } = await engine.tables({ file: await file.text() });
      fill(table);
      saved = true;
      await check(true);
      status.prepend(element('p', {}, `${file.name} is open.`));
    } catch (fault) {
      fail(`${file.name} could not be opened: ${fault.message}`);
    }
  });

  /** Puts the table of a file into the fields, in the place of what they hold. */
  function fill({ rows: given, quotes = [], ...rest }) {
    for (const row of rows.filter(({ added }) => added)) take(row);
    for (const row of rows) {
      row.kept = {};
      for (const cell of Object.values(row.cells)) cell.value = '';
    }
    for (const [name, field] of Object.entries(head)) field.value = name === 'quotes' ? quotes.join('\n') : rest[name];
    for (const one of given) {
      const row = rows.find((other) => keyOf(other) === keyOf(one) && !typedIn(other)) ?? addRow(one, true);
      for (const field of Object.keys(row.cells)) row.cells[field].value = one[field];
      if (one.types || one.withdrawn) row.extra.open = true;
      row.kept = { ...(one.inferred && { inferred: one.inferred }), ...(one.unquoted && { unquoted: one.unquoted }) };
    }
    for (const row of rows) row.showTick();
  }

  addEventListener('beforeunload', (event) => {
    if (!saved) event.preventDefault();
  });
  check(false);
  return () => check(true);
}
