// Checks one device.
import { dated, element, outcomeMark, table } from './dom.mjs';
import * as engine from './engine.mjs';
import { productsList } from './list.mjs';
import { options, today } from './question.mjs';

const form = document.getElementById('device');
const place = document.getElementById('answer');

let asked = 0; // counts the changes, so that an answer to older fields is not shown

form.elements.install_date.value = today();
form.addEventListener('input', clearAnswer);
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  clearAnswer();
  const now = asked;
  try {
    const { on, ...terms } = options(); // this form has its own installation day
    const cells = Object.fromEntries([...new FormData(form)].filter(([name]) => productsList() || !form.elements[name].closest('#models')));
    const answer = await engine.check(cells, { ...terms, list: productsList(), why: true });
    if (now === asked) show(answer);
  } catch (fault) {
    if (now === asked) place.replaceChildren(element('p', { class: 'fault' }, fault.message));
  }
});

/** Removes the answer: the fields or the terms are no longer those that it was for. */
export function clearAnswer() {
  asked++;
  place.replaceChildren();
}

const days = (n) => (n === 0 ? 'this is the last day' : n > 0 ? `${n} ${n === 1 ? 'day' : 'days'} left after it` : `${-n} ${n === -1 ? 'day' : 'days'} too late`);

function show(answer) {
  const facts = [
    ['Version', answer.spec], ['Installed on', dated(answer.on)], ['By the Tables of', dated(answer.as_at)], ['Window from', dated(answer.from)],
    ['Window to', dated(answer.to) ?? { open: 'open: the Tables set no end', 'not-on-record': 'not on record' }[answer.end]],
    ['Days', answer.days_left == null ? null : days(answer.days_left)], ['Amendment', answer.amendment],
  ].filter(([, value]) => value);
  const [sentence, sources] = dated(answer.explanation).split(` ${answer.amendment}, in force `);
  place.replaceChildren(
    element('p', { class: 'verdict' }, outcomeMark(answer.outcome)),
    element('p', {}, sentence),
    table('figures', 'Basis of the answer', [{ title: 'Fact', header: true }, { title: 'Value' }], facts),
    ...(sources ? [element('p', { class: 'quiet' }, `${answer.amendment}, in force ${sources}`)] : []));
}

/** Offers the versions on record. */
export function offer(versions) {
  document.getElementById('specs').replaceChildren(...versions.map((version) => element('option', { value: version })));
}
