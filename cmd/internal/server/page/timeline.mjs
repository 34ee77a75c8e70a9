// Shows when each version may be installed, as a picture and as a table.
import { element, table } from './dom.mjs';

export function picture(name, svg) {
  const shown = element('div', { class: 'wide', role: 'region', 'aria-label': name, tabindex: 0 });
  shown.innerHTML = svg; // safe: made by this program from the rules
  return shown;
}

export function showTimeline(place, { svg, history, says, versions }) {
  const rows = versions.flatMap(({ name, days }) => days.map((d) => [name, d.days, d.says, d.amendment]));
  place.replaceChildren(
    element('p', {}, says), picture('Timeline', svg),
    element('details', {}, element('summary', {}, 'The whole history of every version'), picture('The whole history', history)),
    element('details', {}, element('summary', {}, 'The same as a table'),
      table('words', 'Every version, from the first day to the last',
        [{ title: 'Version', header: true }, { title: 'Days' }, { title: 'Answer' }, { title: 'Amendment' }], rows)));
}
