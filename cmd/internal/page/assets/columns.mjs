// Asks which columns to read, where the headings do not tell.
import { element } from './dom.mjs';

const names = { spec: 'Version of the technical specification', install_date: 'Installation date', device_type: 'Device type', gbcs: 'GBCS version', scope: 'Scope' };

/** Shows a choice for each field at fault; calls chosen({map: ['install_date=Date Fitted'], recheck}) with the options to ask again. */
export function chooseColumns(form, { headings, choose = [], added = [] }, chosen) {
  const fields = choose.map(({ field, near = [] }) => {
    const options = headings.map((heading) => element('option', { value: heading, selected: heading === near[0] }, heading || '(no heading)'));
    const select = element('select', { name: field, required: true },
      element('option', { value: '', selected: near.length === 0 }, 'choose a column'), ...options);
    return element('label', {}, names[field] ?? field, select);
  });
  const recheck = added.length ? element('label', { class: 'tick' },
    element('input', { type: 'checkbox', name: 'recheck', required: true }), ` Replace the columns of an earlier check: ${added.join(', ')}`) : null;
  form.replaceChildren(
    element('h3', {}, choose.length ? 'Which columns are they?' : 'This file has been checked before'),
    element('div', { class: 'fields' }, ...fields),
    ...(recheck ? [recheck] : []),
    element('button', { type: 'submit' }, 'Check with these columns'));
  form.onsubmit = (event) => {
    event.preventDefault();
    form.hidden = true;
    const map = choose.map(({ field }) => `${field}=${form.elements[field].value}`);
    chosen({ map, recheck: added.length > 0 || null });
  };
  form.hidden = false;
  form.querySelector('select, input')?.focus();
}
