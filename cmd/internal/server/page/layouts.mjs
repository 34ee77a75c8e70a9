// Remembers how files with the same headings are read: on this machine, and only if the
// user wishes. Nothing of the rows is kept.
const key = 'ivp-layouts';
const most = 50;

/** Reports whether this browser keeps anything for this page: a page opened from a file may have no storage. */
export function canRemember() {
  try {
    localStorage.setItem('ivp-try', '1');
    localStorage.removeItem('ivp-try');
    return true;
  } catch {
    return false;
  }
}

function layouts() {
  try {
    const all = JSON.parse(localStorage.getItem(key));
    return Array.isArray(all) ? all : [];
  } catch {
    return [];
  }
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function save(all) {
  try {
    localStorage.setItem(key, JSON.stringify(all.slice(-most)));
  } catch { /* it is full: these choices are for this file alone */ }
}

/** Returns the options remembered for a file with these headings, or undefined. */
export const remembered = (headings) => layouts().find((layout) => same(layout.headings, headings))?.options;

export function remember(headings, options) {
  save([...layouts().filter((layout) => !same(layout.headings, headings)), { headings, options }]);
}

export function forget(headings) {
  save(layouts().filter((layout) => !same(layout.headings, headings)));
}
