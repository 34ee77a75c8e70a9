// The tabs of the page: one panel is shown at a time.

const tabs = [...document.querySelectorAll('[role=tab]')];
const panelOf = (tab) => document.getElementById(tab.getAttribute('aria-controls'));

/** Shows the panel with this id. */
export function showPanel(id) {
  const shown = document.getElementById(id);
  shown.querySelector('.listplace')?.append(document.getElementById('cpl')); // the panels share the list
  for (const tab of tabs) {
    const selected = tab.getAttribute('aria-controls') === id;
    tab.setAttribute('aria-selected', selected);
    tab.tabIndex = selected ? 0 : -1;
    panelOf(tab).hidden = !selected;
  }
}

for (const [at, tab] of tabs.entries()) {
  tab.addEventListener('click', () => showPanel(tab.getAttribute('aria-controls')));
  tab.addEventListener('keydown', (event) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs.at(to % tabs.length);
    next.focus();
    next.click();
  });
}
showPanel(tabs[0].getAttribute('aria-controls'));
