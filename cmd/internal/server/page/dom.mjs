// Makes elements. Content is always inserted as text, never as markup.

/** Text made safe to show: characters that are invisible or change the direction of text are escaped. */
export const shown = (text) => String(text).replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufffe\uffff]/g,
  (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));

const long = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

/** Text with its days as people write them, 27 April 2023; days in quotes are as a file has them. */
export const dated = (text) => text?.replace(/(?<!")\b\d{4}-\d{2}-\d{2}\b(?!")/g, (day) => long.format(new Date(day)));

/** element('td', {class: 'n'}, 'text', otherElement) */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, '');
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child != null).map((child) => child instanceof Node ? child : shown(child)));
  return made;
}

/** A table that screen readers can read, in a region that scrolls by itself. */
export function table(kind, caption, headings, rows) {
  const heading = ({ title, number }) => element('th', { scope: 'col', class: number && 'n' }, title);
  const row = (cells) => element('tr', {}, ...cells.map((cell, at) => {
    const { number, header, class: own } = headings[at];
    return element(header ? 'th' : 'td', { scope: header && 'row', class: number ? 'n' : own }, cell ?? '');
  }));
  return element('div', { class: 'wide', role: 'region', 'aria-label': caption, tabindex: 0 },
    element('table', { class: kind }, element('caption', {}, caption),
      element('thead', {}, element('tr', {}, ...headings.map(heading))),
      element('tbody', {}, ...rows.map(row))));
}

export const count = new Intl.NumberFormat('en-GB');
export const plural = (n, what) => `${count.format(n)} ${what}${n === 1 ? '' : 's'}`;

/** The outcomes: their words and their classes. */
export const outcomes = {
  eligible: { word: 'eligible', kind: 'yes' },
  not_eligible: { word: 'not eligible', kind: 'no' },
  undetermined: { word: 'undetermined', kind: 'unknown' },
};

export const outcomeMark = (outcome) => element('span', { class: 'outcome ' + outcomes[outcome].kind }, outcomes[outcome].word);
