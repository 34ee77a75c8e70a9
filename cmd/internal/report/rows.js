const rows = document.querySelector('section.rows'), filter = rows.querySelector('.filter'), box = filter.querySelector('input');
const groups = [...rows.querySelectorAll('details.cause')].map((group) => ({ group, lines: [...group.querySelectorAll('tbody tr')].map((line) => ({ line, text: line.textContent.toLowerCase() })) }));
filter.hidden = false;
box.addEventListener('input', () => {
  const wanted = box.value.trim().toLowerCase();
  let found = 0;
  for (const { group, lines } of groups) {
    const named = group.firstElementChild.textContent.toLowerCase().includes(wanted);
    let some = 0;
    for (const { line, text } of lines) some += !(line.hidden = !named && !text.includes(wanted));
    group.hidden = !some;
    if (wanted && !named) group.open = some > 0;
    found += some;
  }
  filter.querySelector('output').value = wanted ? found + ' found' : '';
});
const compare = new Intl.Collator('en-GB', { numeric: true }).compare;
for (const head of rows.querySelectorAll('details.cause thead th')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener('click', () => {
    const down = head.getAttribute('aria-sort') === 'ascending', body = head.closest('table').tBodies[0];
    for (const other of head.parentElement.children) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const cell = (line) => line.cells[head.cellIndex].dataset.order ?? line.cells[head.cellIndex].textContent;
    body.append(...[...body.rows].sort((a, b) => (down ? -1 : 1) * compare(cell(a), cell(b))));
  });
}
