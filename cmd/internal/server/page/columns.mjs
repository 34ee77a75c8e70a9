// The columns of an inventory: from which column each field is read, and which may be
// chosen instead.
import { count, element } from './dom.mjs';

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
export function whyColumns({ choose = [], added = [], headings }) {
  const atFault = choose.filter(({ problem }) => problem);
  return [
    ...atFault.map(({ field, near = [] }) => `${names[field]}: choose its column${near.length ? `; it may be ${quoted(near)}` : ''}.`),
    ...(atFault.some(({ field }) => field === 'install_date') ? ['If it has no dates, set one day for every row, above under “Question and rules”.'] : []),
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
 * Fills the form with a choice for each field. before are the earlier choices. On
 * submit, calls chosen({map: ['gbcs=#4'], recheck}) with the options of the next check.
 */
export function chooseColumns(form, { headings, choose = [], added = [] }, before, chosen) {
  const byField = Object.fromEntries(choose.map((choice) => [choice.field, choice]));
  const shown = Object.keys(names).filter((field) => byField[field]);
  const choices = (judged) => shown.filter((field) => Boolean(byField[field].judged) === judged)
    .map((field) => choiceOf(byField[field], headings, (before.map ?? []).includes(`${field}=#0`)));
  form.replaceChildren(
    element('div', { class: 'fields' }, ...choices(true)),
    element('details', {}, element('summary', {}, 'Columns that are not judged'), element('div', { class: 'fields' }, ...choices(false))),
    headings.length > mostOffered ? element('p', { class: 'quiet' }, `The first ${count.format(mostOffered)} of ${count.format(headings.length)} columns can be chosen.`) : '',
    added.length ? element('label', { class: 'tick' }, element('input', { type: 'checkbox', name: 'recheck', required: true }), ` Replace the columns of an earlier check: ${added.join(', ')}`) : '',
    element('button', { type: 'submit' }, 'Check with these columns'));
  form.onsubmit = (event) => {
    event.preventDefault();
    chosen({ map: shown.map((field) => `${field}=#${form.elements[field].value}`), ...(added.length ? { recheck: true } : {}) });
  };
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
