// Shows the result for an inventory.
import { basis, leftOut, undecided } from './columns.mjs';
import { count, dated, element, outcomeMark, outcomes, plural, shown, table } from './dom.mjs';
import { picture } from './timeline.mjs';

/** Shows the result. save(format, name) writes it in another format; recalled, if it is not null, forgets the remembered choices with which the file was read. */
export function showResult(place, checked, { file, url, columns, formats, save, recalled }) {
  const { summary } = checked;
  const list = rowList(checked, summary.devices - summary.outcomes.eligible);
  const of = (outcome) => summary.outcomes[outcome];
  place.replaceChildren(...[
    element('h3', { id: 'resulttitle' }, file.name),
    ...leftOut(checked),
    element('p', { class: 'answer' }, answer(checked)),
    checked.answer.remedy ? element('p', { class: 'remedy' }, checked.answer.remedy) : null,
    element('p', { class: 'terms' }, checked.answer.terms),
    recalled ? remindOf(recalled) : null,
    element('details', { open: undecided(checked.columns) }, element('summary', {}, `How the file was read${howRead(checked.columns)}`), columns),
    element('ul', { class: 'tiles' }, ...Object.keys(outcomes).map((o) => tile(o, of(o), summary.devices))),
    proportion(of, summary.devices),
    element('p', { class: 'downloads' },
      element('a', { class: 'download', id: 'download', href: url, download: named(file, '.checked.csv') }, 'Download the checked CSV', ' ', element('span', { class: 'quiet' }, size(checked.csv.size))),
      ...formats.filter((format) => downloads[format]).map((format) => {
        const { id, title, ending } = downloads[format];
        const button = element('button', { type: 'button', class: 'download', id }, title);
        button.onclick = () => save(format, named(file, ending));
        return button;
      })),
    ...causes(checked, list),
    ...notes(checked),
    ...list.parts,
    ...timeline(checked),
    element('h4', {}, ['Counts', basis(checked)].filter(Boolean).join(', ')),
    reasons(checked),
    counts('Devices by version of the technical specification', 'Version', summary.specs),
    counts('Devices by type', 'Device type', summary.types),
  ].filter(Boolean));
}

/** The answer in a sentence, and on what it rests where columns are missing. */
export const answer = (checked) => checked.answer.sentence + (basis(checked) && ` Judged ${basis(checked)}.`);

const downloads = {
  xlsx: { id: 'workbook', title: 'Download as a workbook', ending: '.checked.xlsx' },
  html: { id: 'report', title: 'Download the report', ending: '.report.html' },
};

function remindOf(forget) {
  const button = element('button', { type: 'button' }, 'Forget it');
  button.onclick = forget;
  return element('p', { class: 'quiet', id: 'recalled' }, 'Read as remembered on this machine for files with these headings. ', button);
}

/** Which sheet, heading and order of dates were read. */
function howRead({ sheet, header_row: line, dates }) {
  const says = [sheet ? `sheet ${sheet}` : null, line > 1 ? `heading in row ${count.format(line)}` : null, dates ? `dates as ${dates}` : null].filter(Boolean);
  return says.length ? `: ${says.join(', ')}` : '';
}

/** Why devices are not eligible, or undetermined, the largest cause first. The number of devices shows the rows of a cause. */
function causes({ answer: { causes, more_causes: more = [] } }, list) {
  if (causes.length === 0) return [];
  const most = 40, upper = (text) => text[0]?.toUpperCase() + text.slice(1);
  const all = [...causes, ...more], rest = all.slice(most);
  return [
    element('h4', {}, 'What needs work'),
    element('div', { class: 'causes' }, table('figures', 'What needs work, the largest cause first',
      [{ title: 'Devices', number: true }, { title: 'Answer' }, { title: 'What it is', class: 'what' }, { title: 'What to do' }, { title: 'For example', class: 'first' }],
      all.slice(0, most).map((c, at) => [list.button(at + 1, c), outcomeMark(c.outcome), upper(c.what), c.do && upper(c.do), c.first?.join(', ')]))),
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

const named = ({ name }, ending) => name.replace(/\.(csv|txt|tsv|xlsx|xlsm)$/i, '') + ending;

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

/** The rows that are not eligible or undetermined: their parts of the page, and a button for each cause that shows its rows alone. */
function rowList({ rows = [], authorities = [], reasons }, all) {
  const reasonOf = Object.fromEntries(reasons.map((r) => [r.reason, r.phrase]));
  const title = element('h4', { id: 'rowstitle', tabindex: -1 }, 'Rows that are not eligible or undetermined');
  if (rows.length === 0) return { parts: [title, element('p', {}, 'There are none.')], button: (n, cause) => count.format(cause.devices) };
  const number = rows.length < all ? `the first ${count.format(rows.length)} of ${count.format(all)}; the checked file has all of them` : `all ${count.format(all)}`;
  const region = table('list', `Devices that are not eligible or undetermined: ${number}`,
    [{ title: 'Line', number: true }, { title: 'Device', header: true, class: 'device' }, { title: 'Version', class: 'keep' }, { title: 'Day', class: 'day' }, { title: 'Answer' },
      { title: 'Reason' }, { title: 'Amendment', class: 'keep' }, { title: 'Explanation', class: 'explanation' }],
    rows.map((r) => [r.line, r.device, r.spec, dated(r.on), outcomeMark(r.outcome), reasonOf[r.reason], r.amendment, dated(r.explanation)]));
  region.classList.add('rows');
  const lines = [...region.querySelectorAll('tbody tr')];
  const says = element('span', { role: 'status' });
  const whole = element('button', { type: 'button', id: 'allrows' }, 'Show all causes');
  const filter = element('p', { class: 'filter', hidden: true }, says, ' ', whole);
  const buttons = [];
  const show = (n, cause) => {
    lines.forEach((line, at) => { line.hidden = n > 0 && rows[at].cause !== n; });
    buttons.forEach((button, at) => button?.setAttribute('aria-pressed', at === n));
    filter.hidden = n === 0;
    if (n === 0) return;
    const those = lines.filter((line) => !line.hidden).length;
    says.textContent = shown(`${those < cause.devices ? `The first ${count.format(those)} of ` : ''}${plural(cause.devices, 'device')}: ${cause.what}.`);
    title.scrollIntoView({ block: 'start' });
    title.focus({ preventScroll: true });
  };
  whole.onclick = () => show(0);
  const button = (n, cause) => {
    if (!rows.some((row) => row.cause === n)) return count.format(cause.devices);
    const made = element('button', { type: 'button', class: 'cause', 'aria-pressed': 'false', title: 'Show these rows' }, count.format(cause.devices), element('span', { class: 'aloud' }, ` devices: show the rows of this cause: ${cause.what}`));
    made.onclick = () => (made.getAttribute('aria-pressed') === 'true' ? show(0) : show(n, cause));
    buttons[n] = made;
    return made;
  };
  return { parts: [title, filter, region, ...sources(authorities)], button };
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
