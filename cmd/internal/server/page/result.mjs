// Shows the result for an inventory.
import { basis, leftOut, undecided } from './columns.mjs';
import { count, dated, element, outcomeMark, outcomes, plural, table } from './dom.mjs';
import { picture } from './timeline.mjs';

export function showResult(place, checked, file, url, columns) {
  const { summary } = checked;
  const of = (outcome) => summary.outcomes[outcome];
  place.replaceChildren(...[
    element('h3', { id: 'resulttitle' }, file.name),
    ...leftOut(checked),
    element('details', { open: undecided(checked.columns) }, element('summary', {}, 'Columns read'), columns),
    element('p', { class: 'answer' }, answer(checked)),
    checked.answer.remedy ? element('p', { class: 'remedy' }, checked.answer.remedy) : null,
    element('p', { class: 'terms' }, checked.answer.terms),
    element('ul', { class: 'tiles' }, ...Object.keys(outcomes).map((o) => tile(o, of(o), summary.devices))),
    proportion(of, summary.devices),
    element('p', {}, element('a', { class: 'download', id: 'download', href: url, download: checkedName(file.name) }, 'Download the checked CSV'),
      ' ', element('span', { class: 'quiet' }, size(checked.csv.size))),
    ...causes(checked),
    ...notes(checked),
    ...timeline(checked),
    element('h4', {}, ['Counts', basis(checked)].filter(Boolean).join(', ')),
    reasons(checked),
    counts('Devices by version of the technical specification', 'Version', summary.specs),
    counts('Devices by type', 'Device type', summary.types),
    ...rows(checked, summary.devices - of('eligible')),
  ].filter(Boolean));
}

/** The answer in a sentence, and on what it rests where columns are missing. */
export const answer = (checked) => checked.answer.sentence + (basis(checked) && ` Judged ${basis(checked)}.`);

/** Why devices are not eligible, or undetermined, the largest cause first. */
function causes({ answer: { causes, more_causes: more = [] } }) {
  if (causes.length === 0) return [];
  const most = 40, upper = (text) => text[0]?.toUpperCase() + text.slice(1);
  const all = [...causes, ...more], rest = all.slice(most);
  return [
    element('h4', {}, 'What needs work'),
    element('div', { class: 'causes' }, table('figures', 'What needs work, the largest cause first',
      [{ title: 'Devices', number: true }, { title: 'Answer' }, { title: 'What it is', class: 'what' }, { title: 'What to do' }, { title: 'For example', class: 'first' }],
      all.slice(0, most).map((c) => [count.format(c.devices), outcomeMark(c.outcome), upper(c.what), c.do && upper(c.do), c.first?.join(', ')]))),
    rest.length ? element('p', { class: 'quiet' }, `And ${plural(rest.length, 'smaller cause')}, ${plural(rest.reduce((n, c) => n + c.devices, 0), 'device')}.`) : null,
  ].filter(Boolean);
}

function timeline({ timeline }) {
  return timeline ? [element('h4', {}, 'When each version in the file may be installed'), element('p', {}, timeline.says), picture('Timeline of the file', timeline.svg)] : [];
}

const share = (n, all) => (all ? `${(100 * n / all).toFixed(1)} %` : '');

function tile(outcome, n, all) {
  const { word, kind } = outcomes[outcome];
  return element('li', { class: 'tile ' + kind }, element('span', { class: 'count' }, count.format(n)), ' ',
    element('span', { class: 'word' }, word), ' ', element('span', { class: 'share' }, share(n, all)));
}

const svg = 'http://www.w3.org/2000/svg';

/** The outcomes as parts of the page's width; undetermined is hatched. */
function proportion(of, all) {
  const picture = document.createElementNS(svg, 'svg');
  picture.setAttribute('class', 'proportion');
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', Object.keys(outcomes).map((o) => `${share(of(o), all)} ${outcomes[o].word}`).join(', '));
  picture.innerHTML = '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatchpaper" width="6" height="6"/><line class="hatchline" x1="1" y1="0" x2="1" y2="6"/></pattern></defs>';
  let at = 0;
  for (const [o, { kind }] of Object.entries(outcomes)) {
    const part = document.createElementNS(svg, 'rect');
    const width = all ? 100 * of(o) / all : 0;
    for (const [key, value] of Object.entries({ class: kind, x: at + '%', width: width + '%', height: 30 })) part.setAttribute(key, value);
    picture.append(part);
    at += width;
  }
  return picture;
}

function size(bytes) {
  return bytes < 1e6 ? `${count.format(Math.ceil(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function checkedName(name) {
  return name.replace(/\.(csv|txt|tsv)$/i, '') + '.checked.csv';
}

function notes({ warnings = [], notes = [] }) {
  if (warnings.length + notes.length === 0) return [];
  const list = (lines) => element('ul', {}, ...lines.map((line) => element('li', {}, line)));
  return [
    element('h4', {}, 'Before you use the result'),
    ...warnings.map((text) => element('p', { class: 'warning' }, element('strong', {}, 'Warning.'), ' ', text)),
    notes.length ? list(notes) : null,
  ].filter(Boolean);
}

function reasons(checked) {
  const { devices } = checked.summary;
  return table('reasons', 'Devices by reason',
    [{ title: 'Reason', header: true }, { title: 'Answer' }, { title: 'Devices', number: true }, { title: 'Share', number: true }, { title: 'What it means' }],
    checked.reasons.map((r) => [r.phrase[0].toUpperCase() + r.phrase.slice(1), outcomeMark(r.outcome), count.format(r.devices), share(r.devices, devices), r.sentence]));
}

function counts(caption, heading, by) {
  const names = Object.keys(by).sort((a, b) => a.localeCompare(b, 'en-GB', { numeric: true }));
  return table('figures', caption,
    [{ title: heading, header: true }, ...Object.values(outcomes).map(({ word }) => ({ title: word[0].toUpperCase() + word.slice(1), number: true }))],
    names.map((name) => [name, ...Object.keys(outcomes).map((o) => count.format(by[name][o] ?? 0))]));
}

function rows({ rows = [], authorities = [], reasons }, all) {
  const reasonOf = Object.fromEntries(reasons.map((r) => [r.reason, r.phrase]));
  const title = element('h4', {}, 'Rows that are not eligible or undetermined');
  if (rows.length === 0) return [title, element('p', {}, 'There are none.')];
  const shown = rows.length < all ? `the first ${count.format(rows.length)} of ${count.format(all)}; the checked CSV has all of them` : `all ${count.format(all)}`;
  return [
    title,
    table('list', `Devices that are not eligible or undetermined: ${shown}`,
      [{ title: 'Line', number: true }, { title: 'Device', header: true, class: 'device' }, { title: 'Version', class: 'keep' }, { title: 'Day', class: 'day' }, { title: 'Answer' },
        { title: 'Reason' }, { title: 'Amendment', class: 'keep' }, { title: 'Explanation', class: 'explanation' }],
      rows.map((r) => [r.line, r.device, r.spec, dated(r.on), outcomeMark(r.outcome), reasonOf[r.reason], r.amendment, dated(r.explanation)])),
    ...sources(authorities),
  ];
}

function sources(authorities) {
  if (authorities.length === 0) return [];
  return [
    element('h4', {}, 'Amendments named above, and their sources'),
    element('dl', { class: 'authorities' }, ...authorities.map((a) => element('div', {},
      element('dt', {}, `${a.id}, in force ${dated(a.in_force)}${a.title ? ': ' + a.title : ''}`),
      ...a.citations.map((text) => element('dd', {}, text))))),
  ];
}
