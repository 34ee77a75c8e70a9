// The page: a file comes in, the engine answers, the result is shown. The engine
// is one of two: WebAssembly in a worker, or the service that sent the page.
import { chooseColumns, whyColumns } from './columns.mjs';
import { clearAnswer, offer } from './device.mjs';
import { count, dated, element, plural, shown } from './dom.mjs';
import * as engine from './engine.mjs';
import { forget, remember, remembered } from './layouts.mjs';
import { productsList, watchList } from './list.mjs';
import { chosenAmendments, options, setTyped, today, watch } from './question.mjs';
import { answer, showResult } from './result.mjs';
import { mountTables } from './tables.mjs';
import { showPanel } from './tabs.mjs';
import { showTimeline } from './timeline.mjs';

const at = (id) => document.getElementById(id);
const place = { drop: at('drop'), file: at('file'), working: at('working'), progress: at('progress'), label: at('progresslabel'), cancel: at('cancel'), fault: at('fault'), columns: at('columns'), status: at('status'), result: at('result'), terms: at('termsfault') };

let file; // the inventory chosen last
let chosen = {}; // how it is read, as far as that was chosen
let headings; // those found without any choice
let recalled; // whether the choices are those remembered for these headings
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
  headings = recalled = undefined;
  showPanel('inventory');
  checkFile();
}

async function checkFile() {
  stop?.();
  const work = new AbortController();
  stop = () => work.abort();
  begin();
  try {
    const checked = await engine.checkCSV(file, { ...options(), ...chosen, list: productsList(), rows: 200 }, progressed, work.signal);
    if (!work.signal.aborted && !recall(checked.columns)) show(checked);
  } catch (fault) {
    if (!work.signal.aborted && !recall(fault.columns)) fail(fault);
  } finally {
    if (!work.signal.aborted) place.working.hidden = true;
  }
}

/** Reads a file again as files with these headings are remembered to be read. Reports whether it does. */
function recall(columns) {
  if (headings || !columns) return false;
  headings = columns.headings;
  const options = remembered(headings);
  if (!options) return false;
  chosen = { header_row: columns.header_row || null, ...options };
  recalled = true;
  checkFile();
  return true;
}

/** Writes the checked file in another format, and saves it. */
async function save(format, name) {
  stop?.();
  const work = new AbortController();
  stop = () => work.abort();
  working(`Writing ${name}`);
  try {
    const { csv } = await engine.checkCSV(file, { ...options(), ...chosen, list: productsList(), format }, progressed, work.signal);
    if (work.signal.aborted) return;
    const link = element('a', { href: URL.createObjectURL(csv), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    place.status.textContent = `${name} was saved.`;
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
  working(`Checking ${file.name}`);
}

let doing; // what is being done, in words

function working(what) {
  doing = shown(what);
  place.fault.hidden = true;
  place.progress.removeAttribute('value');
  place.label.textContent = place.status.textContent = doing;
  place.working.hidden = false;
}

function progressed({ rows, bytesRead, bytes }) {
  if (bytes) place.progress.value = 1000 * bytesRead / bytes;
  place.label.textContent = rows ? `${doing}: ${plural(rows, 'row')}` : `${doing}: ${count.format(Math.round(bytesRead / 1e6))} MB`;
}

function show(checked) {
  url = URL.createObjectURL(checked.csv);
  chooseColumns(place.columns, checked.columns, chosen, again);
  place.columns.hidden = false;
  showResult(place.result, checked, { file, url, columns: place.columns, formats: engine.formats, save, recalled: recalled ? forgetLayout : null });
  place.result.hidden = false;
  place.status.textContent = answer(checked);
  place.result.tabIndex = -1;
  place.result.focus({ preventScroll: true });
  place.result.scrollIntoView({ block: 'start', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
}

function fail(fault) {
  place.status.textContent = '';
  const columns = fault.columns;
  place.fault.replaceChildren(element('strong', {}, `${file.name} could not be checked. `), shown(columns?.choose ? whyColumns(columns, productsList()) : fault.message));
  place.fault.hidden = false;
  chooseColumns(place.columns, columns ?? { headings: [], sheets: [] }, chosen, again);
  place.columns.hidden = false;
  if (!columns?.choose) return;
  place.columns.prepend(element('h3', {}, columns.choose[0].problem ? 'Which columns are they?' : 'This file has been checked before'));
  place.columns.elements[columns.choose[0].problem ? columns.choose[0].field : 'recheck'].focus(); // fields with a problem come first
}

/** Checks the file again, read in another way. keep is what is to be remembered of it. */
function again(choice, keep) {
  chosen = choice;
  if (keep) remember(headings, keep);
  checkFile();
}

/** Forgets how files with these headings are read, and reads this one without that. */
function forgetLayout() {
  forget(headings);
  chosen = {};
  recalled = false;
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

function changed() {
  clearAnswer();
  if (file) checkFile();
}

watchList(changed);
watch(() => {
  update();
  const chosenNow = JSON.stringify(chosenAmendments());
  if (chosenNow !== chosenBefore) refreshTables?.();
  chosenBefore = chosenNow;
  changed();
});

refreshTables = mountTables(at('tables'), { tables: (question) => engine.tables({ ...question, amend: chosenAmendments() }) }, setTyped);
