// Shows when each version may be installed, as a picture and as a table.
import { element, table } from './dom.mjs';

export function showTimeline(place, { svg, says, versions }) {
  const picture = element('div', { class: 'wide', role: 'region', 'aria-label': 'Timeline', tabindex: 0 });
  picture.innerHTML = svg; // safe: made by this program from the rules
  const rows = versions.flatMap(({ name, days }) => days.map((d) => [name, d.days, d.says, d.amendment]));
  place.replaceChildren(
    element('p', {}, says), picture,
    element('details', {}, element('summary', {}, 'The same as a table'),
      table('words', 'Every version, from the first day to the last',
        [{ title: 'Version', header: true }, { title: 'Days' }, { title: 'Answer' }, { title: 'Amendment' }], rows)));
}
