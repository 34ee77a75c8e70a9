// The page: a file comes in, the engine answers, the result is shown. The engine
// is one of two: WebAssembly in a worker, or the service that sent the page.
import { chooseColumns, whyColumns } from './columns.mjs';
import { offer } from './device.mjs';
import { count, dated, element, plural, shown } from './dom.mjs';
import * as engine from './engine.mjs';
import { chosenAmendments, options, setTyped, today, watch } from './question.mjs';
import { answer, showResult } from './result.mjs';
import { mountTables } from './tables.mjs';
import { showPanel } from './tabs.mjs';
import { showTimeline } from './timeline.mjs';

const at = (id) => document.getElementById(id);
const place = { drop: at('drop'), file: at('file'), working: at('working'), progress: at('progress'), label: at('progresslabel'), cancel: at('cancel'), fault: at('fault'), columns: at('columns'), status: at('status'), result: at('result'), terms: at('termsfault') };

let file; // the inventory chosen last
let chosen = {}; // the columns chosen for it
let stop; // stops the current check
let url; // of the checked inventory, for its download

at('promise').textContent = engine.promise;

/** Checks a file that was chosen or dropped. Refuses several, so that none is silently ignored. */
function take(files) {
  if (files.length === 0) return;
  if (files.length > 1) {
    showPanel('inventory');
    place.fault.textContent = `${files.length} files were dropped, but only one can be checked at a time: drop one of them. The program ivp check accepts several.`;
    place.fault.hidden = false;
    return;
  }
  [file] = files;
  chosen = {};
  showPanel('inventory');
  checkFile();
}

async function checkFile() {
  stop?.();
  const work = new AbortController();
  stop = () => work.abort();
  begin();
  try {
    const checked = await engine.checkCSV(file, { ...options(), ...chosen, rows: 200 }, progressed, work.signal);
    if (!work.signal.aborted) show(checked);
  } catch (fault) {
    if (!work.signal.aborted) fail(fault);
  } finally {
    if (!work.signal.aborted) place.working.hidden = true;
  }
}

function begin() {
  URL.revokeObjectURL(url);
  place.fault.after(place.columns); // out of the result, which is replaced
  for (const part of [place.fault, place.columns, place.result]) part.hidden = true;
  place.progress.removeAttribute('value');
  place.label.textContent = `Checking ${shown(file.name)}`;
  place.status.textContent = place.label.textContent;
  place.working.hidden = false;
}

function progressed({ rows, bytesRead, bytes }) {
  if (bytes) place.progress.value = 1000 * bytesRead / bytes;
  place.label.textContent = rows ? `Checking ${shown(file.name)}: ${plural(rows, 'row')}` : `Checking ${shown(file.name)}: ${count.format(Math.round(bytesRead / 1e6))} MB`;
}

function show(checked) {
  url = URL.createObjectURL(checked.csv);
  chooseColumns(place.columns, checked.columns, chosen, again);
  place.columns.hidden = false;
  showResult(place.result, checked, file, url, place.columns);
  place.result.hidden = false;
  place.status.textContent = answer(checked);
  place.result.tabIndex = -1;
  place.result.focus({ preventScroll: true });
  place.result.scrollIntoView({ block: 'start', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
}

function fail(fault) {
  place.status.textContent = '';
  const columns = fault.columns;
  place.fault.replaceChildren(element('strong', {}, `${file.name} could not be checked. `), shown(columns ? whyColumns(columns) : fault.message));
  place.fault.hidden = false;
  if (!columns) return;
  chooseColumns(place.columns, columns, chosen, again);
  place.columns.prepend(element('h3', {}, columns.choose?.[0]?.problem ? 'Which columns are they?' : 'This file has been checked before'));
  place.columns.hidden = false;
  place.columns.elements[columns.choose?.[0]?.problem ? columns.choose[0].field : 'recheck'].focus(); // fields with a problem come first
}

/** Checks the file again, with other columns. */
function again(choice) {
  chosen = { ...chosen, ...choice };
  checkFile();
}

place.file.addEventListener('change', () => { take([...place.file.files]); place.file.value = ''; });
place.cancel.addEventListener('click', () => { stop?.(); place.working.hidden = true; place.status.textContent = 'Stopped.'; });

// A file may be dropped anywhere: otherwise the browser would open it instead of the page.
let over = 0;
addEventListener('dragenter', (event) => { event.preventDefault(); over++; place.drop.classList.add('over'); });
addEventListener('dragleave', () => { if (--over <= 0) place.drop.classList.remove('over'); });
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  over = 0;
  place.drop.classList.remove('over');
  take([...event.dataTransfer.files]);
});

/** Updates what depends on the terms. */
async function update() {
  try {
    const { scope, why, ...terms } = options(); // a timeline shows every scope
    const [rules, timeline] = await Promise.all([engine.rules(terms), engine.timeline({ ...terms, today: today() })]);
    showTimeline(at('timeline'), timeline);
    offer([...new Set(timeline.versions.map(({ name }) => name.split(',')[0]))]);
    at('rules').replaceChildren(`Rules: edition ${rules.edition}, vouched for up to ${dated(rules.vouched_to)}, SHA-256 `, element('code', {}, rules.sha256));
    place.terms.hidden = true;
    document.documentElement.dataset.ready = 'true';
  } catch (fault) {
    place.terms.textContent = shown(fault.message);
    place.terms.hidden = false;
  }
}

let refreshTables;
let chosenBefore = '';

watch(engine.amendable, () => {
  update();
  const chosenNow = JSON.stringify(chosenAmendments());
  if (chosenNow !== chosenBefore) refreshTables?.();
  chosenBefore = chosenNow;
  if (file) checkFile();
});

refreshTables = mountTables(at('tables'), { tables: (question) => engine.tables({ ...question, amend: chosenAmendments() }) }, engine.amendable ? setTyped : null);
