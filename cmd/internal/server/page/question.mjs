// The terms on which devices are judged, and the amendments added.
import { element, shown } from './dom.mjs';

const form = document.getElementById('question');

/** The current day in Great Britain, YYYY-MM-DD. */
export function today() {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London' }).format(new Date());
}

const added = []; // {name, text}

/** The options for an engine. A day that has been selected but not yet entered is left out. */
export function options() {
  const { on, on_day: onDay, as_at: asAt, as_at_day: asAtDay, last_day: lastDay, assume_open: open, scope, why, expect } = form.elements;
  return {
    on: { '': null, today: today(), day: onDay.value || null }[on.value],
    as_at: { '': null, latest: 'latest', day: asAtDay.value || null }[asAt.value],
    last_day: lastDay.value || null,
    assume_open: open.checked || null,
    scope: scope.value.trim() || null,
    why: why.checked || null,
    ...(expect.value.trim() ? { expect_rules: expect.value.trim() } : {}),
    amend: added.length ? added.map(({ text }) => text) : null,
  };
}

/** The terms in words. */
function says() {
  const { on, as_at: asAt, last_day: lastDay, assume_open: open, scope } = options();
  return [
    on ? `installed on ${on}` : 'installed on the date in each row',
    asAt === 'latest' ? 'by the latest Tables on record' : asAt ? `by the Tables of ${asAt}` : 'by the Tables of that day',
    lastDay ? 'the end date itself not included' : null,
    open ? 'ends not on record taken to be open' : null,
    scope ? `in the scope ${scope}` : null,
    added.length ? `with ${added.map(({ name }) => name).join(', ')}` : null,
  ].filter(Boolean).join(', ');
}

let update; // shows the terms, and reports the change

/** Calls changed() whenever the terms change. */
export function watch(changed) {
  const { on, on_day: onDay, as_at: asAt, as_at_day: asAtDay } = form.elements;
  update = () => {
    onDay.closest('label').hidden = on.value !== 'day';
    asAtDay.closest('label').hidden = asAt.value !== 'day';
    document.getElementById('askedsays').textContent = shown(says());
    changed();
  };
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', update);
  document.getElementById('amend').addEventListener('change', async ({ target }) => {
    for (const file of target.files) added.push({ name: file.name, text: await file.text() });
    target.value = '';
    listAdded();
    update();
  });
  update();
}

let typed = null; // the amendment of the typed Tables

/** Puts the amendment of the typed Tables into the rules, in the place of the one before; null takes it out. */
export function setTyped(file) {
  if (typed && added.includes(typed)) added.splice(added.indexOf(typed), 1);
  typed = file;
  if (file) added.push(file);
  listAdded();
  update();
}

/** The amendment files that were chosen. */
export const chosenAmendments = () => added.filter((file) => file !== typed).map(({ text }) => text);

function listAdded() {
  document.getElementById('amended').replaceChildren(...added.map((file) => {
    const away = element('button', { type: 'button' }, `Remove ${file.name}`);
    away.onclick = () => { added.splice(added.indexOf(file), 1); listAdded(); update(); };
    return element('li', {}, file.name, away);
  }));
}
