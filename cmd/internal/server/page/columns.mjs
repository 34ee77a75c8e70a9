// The columns of an inventory: from which column each field is read, and which may be
// chosen instead.
import { count, element } from './dom.mjs';
import { canRemember } from './layouts.mjs';

/** The names of the fields on the page: judged fields first. */
const names = {
  spec: 'Version of the technical specification', install_date: 'Installation date', device_type: 'Device type', gbcs: 'GBCS version', scope: 'Scope',
  device_id: 'Device id', manufacturer: 'Manufacturer', model: 'Model', hardware_version: 'Hardware version', hardware_revision: 'Hardware revision',
  model_hardware: 'Model with hardware', firmware: 'Firmware version', entry_status: 'Status on the Central Products List',
};

const inSentence = { device_type: 'device type', gbcs: 'GBCS version' };

const clipped = (heading) => (heading.length > 60 ? `${heading.slice(0, 59)}…` : heading);
const quoted = (headings) => headings.map((heading) => `“${clipped(heading)}”`).join(' or ');

/** What the answers do not take into account: "by version alone"; "" if everything is judged. */
export function basis({ not_judged: without = [] }) {
  const left = Object.keys(inSentence).filter((field) => without.includes(field));
  if (left.length === 2) return 'by version alone';
  return left.length ? `without the ${inSentence[left[0]]}` : '';
}

/** The warning above the counts about fields that have no column. */
export function leftOut(checked) {
  const { not_judged: without = [], columns } = checked;
  const left = Object.keys(inSentence).filter((field) => without.includes(field));
  const scope = without.includes('scope') ? 'There is no column for the scope: every device is judged in the general scope.' : null;
  if (left.length === 0) return scope ? [element('p', { class: 'quiet' }, scope)] : [];
  const proposed = columns.choose.filter(({ field, near = [] }) => left.includes(field) && near.length);
  const says = [
    `There is no column for the ${left.map((field) => inSentence[field]).join(' or the ')}, so the counts below are ${basis(checked)}: some devices counted as eligible may not be.`,
    proposed.length ? `${proposed.map(({ field, near }) => `${quoted(near)} may be the ${inSentence[field]}`).join('; ')}: choose below.` : null,
    scope,
  ];
  return [element('p', { class: 'warning', id: 'notjudged' }, element('strong', {}, `Not judged: ${left.map((field) => inSentence[field]).join(', ')}.`), ' ', says.filter(Boolean).join(' '))];
}

/** Why a file cannot be checked with its columns. */
export function whyColumns({ choose = [], added = [], headings }, list) {
  const atFault = choose.filter(({ problem }) => problem);
  return [
    ...atFault.map(({ field, near = [] }) => `${names[field]}: choose its column${near.length ? `; it may be ${quoted(near)}` : ''}.`),
    ...(atFault.some(({ field }) => field === 'install_date') ? ['If it has no dates, set one day for every row, above under “Question and rules”.'] : []),
    ...(!list && atFault.some(({ field }) => field === 'spec') ? ['If it has models and firmware instead of versions, add a Central Products List above.'] : []),
    ...(added.length ? ['It has the columns of an earlier check.'] : []),
    `Headings found: ${headings.slice(0, 50).map((h) => clipped(h) || '(none)').join(', ')}${headings.length > 50 ? ` and ${count.format(headings.length - 50)} more` : ''}.`,
  ].join('\n');
}

/** Reports whether the user has to confirm the column of a judged field. */
export function undecided({ choose = [] }) {
  return choose.some(({ judged, column, near = [] }) => judged && !column && near.length > 0);
}

const mostOffered = 1000; // columns offered for a field

/**
 * Fills the form with how the file is read, and a choice for each field. before are the
 * options of this check. Calls again(options) with those of the next one.
 */
export function chooseColumns(form, columns, before, again) {
  const { headings, choose = [], added = [] } = columns;
  const byField = Object.fromEntries(choose.map((choice) => [choice.field, choice]));
  const shown = Object.keys(names).filter((field) => byField[field]);
  const choices = (judged) => shown.filter((field) => Boolean(byField[field].judged) === judged)
    .map((field) => choiceOf(byField[field], headings, (before.map ?? []).includes(`${field}=#0`)));
  form.replaceChildren(...[
    element('div', { class: 'fields' }, ...reading(columns, before, again)),
    ...(shown.length === 0 ? [] : [
      element('div', { class: 'fields' }, ...choices(true)),
      element('details', {}, element('summary', {}, 'Columns that are not judged'), element('div', { class: 'fields' }, ...choices(false))),
      headings.length > mostOffered ? element('p', { class: 'quiet' }, `The first ${count.format(mostOffered)} of ${count.format(headings.length)} columns can be chosen.`) : '',
      added.length ? element('label', { class: 'tick' }, element('input', { type: 'checkbox', name: 'recheck', required: true }), ` Replace the columns of an earlier check: ${added.join(', ')}`) : '',
      rememberBox(),
      element('button', { type: 'submit' }, 'Check with these columns'),
    ]),
  ]);
  form.onsubmit = (event) => {
    event.preventDefault();
    const options = { ...before, map: shown.map((field) => `${field}=#${form.elements[field].value}`), ...(added.length ? { recheck: true } : {}) };
    again({ header_row: columns.header_row || null, ...options }, form.elements.remember.checked ? options : null); // columns by number do not show which row is the heading
  };
}

/** The choices of the sheet, the heading, the encoding and the order of dates. A change is used at once; the columns chosen before go with another sheet or heading. */
function reading({ sheets = [], sheet, encoding, header_row: line }, before, again) {
  const choice = (name, title, options, value, fresh) => {
    const select = element('select', { name }, ...options.map(([key, text]) => element('option', { value: key, selected: key === value }, text)));
    select.addEventListener('change', () => again({ ...(fresh ? without(before, fresh) : before), [name]: select.value || null }));
    return element('label', {}, title, select);
  };
  const number = element('input', { type: 'number', name: 'header_row', min: 1, size: 6, value: before.header_row ?? line ?? '' });
  number.addEventListener('change', () => again({ ...without(before, ['map', 'recheck']), header_row: number.value || null }));
  return [
    sheets.length > 1 ? choice('sheet', 'Sheet', sheets.map((name) => [name, name]), sheet, ['map', 'recheck', 'header_row']) : null,
    element('label', {}, 'Row of the heading', number),
    sheets.length === 0 ? choice('encoding', 'Encoding', [['', encoding ? `recognised: ${encoding}` : 'recognised'], ['utf-8', 'UTF-8'], ['windows-1252', 'Windows-1252 (older Excel files)'], ['utf-16le', 'UTF-16, little-endian'], ['utf-16be', 'UTF-16, big-endian']], before.encoding ?? '', ['map', 'recheck']) : null,
    choice('date_format', 'Dates', [['', 'recognised from the whole column'], ['day-first', 'day first: 27/04/2023'], ['month-first', 'month first: 04/27/2023'], ['iso', '2023-04-27']], before.date_format ?? ''),
  ].filter(Boolean);
}

const without = (options, names) => Object.fromEntries(Object.entries(options).filter(([name]) => !names.includes(name)));

function rememberBox() {
  const box = element('input', { type: 'checkbox', name: 'remember', disabled: !canRemember() });
  return element('label', { class: 'tick' }, box, canRemember()
    ? ' Remember this on this machine, for files with the same headings'
    : ' This browser keeps nothing for this page, so these choices cannot be remembered');
}

/** The choice for one field. A column with a similar heading is proposed, and read only once confirmed. */
function choiceOf({ field, column = 0, judged, needed, near = [] }, headings, leftOutBefore) {
  const proposed = judged && !column && near.length ? headings.indexOf(near[0]) + 1 : 0;
  const value = column || proposed;
  const option = (n, text) => element('option', { value: n, selected: n === value }, text);
  const select = element('select', { name: field, required: needed, 'aria-describedby': `hint-${field}` },
    needed ? element('option', { value: '', selected: !value }, 'choose a column') : option(0, 'left out'),
    ...headings.slice(0, mostOffered).map((heading, at) => (ours(heading) ? null : option(at + 1, title(headings, at)))));
  const hint = () => {
    const now = Number(select.value);
    if (now !== column) return proposed && now === proposed ? 'Proposed, not used yet.' : 'Not used yet.';
    if (column || !judged) return '';
    if (needed) return 'No column recognised: choose one.';
    return leftOutBefore ? 'Left out, as you chose.' : 'No column recognised: choose one, or leave it out.';
  };
  const says = element('span', { id: `hint-${field}` });
  const say = () => {
    says.textContent = hint();
    says.className = Number(select.value) === column ? 'quiet' : 'pending';
  };
  select.addEventListener('change', say);
  say();
  return element('div', { class: 'choice' }, element('label', {}, names[field], select), says);
}

const ours = (heading) => heading.trim().toLowerCase().startsWith('ivp_');

/** The title of a column: its heading; also its number if the heading is empty or not unique. */
function title(headings, at) {
  const heading = headings[at].trim();
  const alone = heading !== '' && headings.indexOf(headings[at]) === headings.lastIndexOf(headings[at]);
  return alone ? heading : `${heading || 'no heading'} (column ${at + 1})`;
}
