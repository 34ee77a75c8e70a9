// The Central Products List, in which the versions of models are looked up.
import { element } from './dom.mjs';
import * as engine from './engine.mjs';

const at = (id) => document.getElementById(id);
let list; // {name, content}

/** The list as an option for an engine; null if there is none. */
export const productsList = () => list ?? null;

/** Calls changed() when a list is added or removed. */
export function watchList(changed) {
  at('list').addEventListener('change', async ({ target }) => {
    const [file] = target.files;
    target.value = '';
    if (!file) return;
    const read = { name: file.name, content: new Uint8Array(await file.arrayBuffer()) };
    at('listfault').hidden = true;
    at('listsays').textContent = `Reading ${file.name} …`;
    try {
      await engine.check({}, { list: read }); // refuses what is not a list, or is damaged
      list = read;
    } catch (fault) {
      at('listfault').textContent = `${file.name} cannot be used: ${fault.message.replace(/^list: /, '')}`;
      at('listfault').hidden = false;
    }
    show(changed);
    changed();
  });
  show(changed);
}

function show(changed) {
  at('models').hidden = !list;
  at('device').elements.spec.required = !list;
  at('nolist').hidden = Boolean(list);
  if (!list) {
    at('listsays').textContent = 'None: versions are read from the file.';
    return;
  }
  const away = element('button', { type: 'button' }, 'Remove');
  away.onclick = () => {
    list = undefined;
    show(changed);
    changed();
    at('list').focus();
  };
  at('listsays').replaceChildren(element('strong', {}, list.name), away);
}
