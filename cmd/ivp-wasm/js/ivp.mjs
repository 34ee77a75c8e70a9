// The Installation Validity Periods in JavaScript: the Go library as
// WebAssembly, for browsers and Node.js. What each function takes and gives is
// written in ivp.d.mts. Nothing is sent anywhere.

/** What was wrong with a question; where columns must be chosen, which. */
export class IVPError extends Error {
  constructor(message, columns) {
    super(message);
    this.name = 'IVPError';
    this.columns = columns;
  }
}

let starting;

/** Starts the WebAssembly ahead of the first question, and asks for the rules where options are given. */
export async function load(options) {
  await started();
  if (options !== undefined) await rules(options);
}

/** Starts the WebAssembly, once; every function does so by itself. */
function started() {
  starting ??= start().catch((fault) => {
    starting = undefined; // so that a later call tries again
    throw fault;
  });
  return starting;
}

async function start() {
  await import('./wasm_exec.js');
  const go = new globalThis.Go();
  const { instance } = await instantiate(new URL('ivp.wasm', import.meta.url), go.importObject);
  go.run(instance).finally(() => { starting = undefined; }); // it runs until a fault ends it
  const functions = globalThis.ivpStarted;
  delete globalThis.ivpStarted;
  return functions;
}

async function instantiate(url, imports) {
  if (url.protocol === 'file:') {
    const { readFile } = await import('node:fs/promises');
    return WebAssembly.instantiate(await readFile(url), imports);
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  if (response.headers.get('Content-Type') === 'application/wasm') return WebAssembly.instantiateStreaming(response, imports);
  return WebAssembly.instantiate(await response.arrayBuffer(), imports);
}

export async function check(device, options = {}) {
  const { check } = await started();
  return answered(check(question(options, { device })));
}

export async function checkCSV(input, options = {}, onProgress) {
  const { checkCSV } = await started();
  const source = await readable(input);
  const parts = [];
  let held = 0;
  const checked = answered(checkCSV(question(options), {
    size: source.size,
    read: source.read,
    write(bytes) {
      parts.push(bytes);
      held += bytes.length;
      if (held < keptParts) return;
      parts.splice(0, parts.length, new Blob(parts)); // which a browser may keep on the disk
      held = 0;
    },
    progress: (rows, bytesRead) => onProgress?.({ rows, bytesRead, bytes: source.size }),
  }));
  return { csv: new Blob(parts, { type: 'text/csv;charset=utf-8' }), ...checked };
}

const keptParts = 16 << 20;

export async function rules(options = {}) {
  const { rules } = await started();
  return answered(rules(question(options)));
}

export async function timeline(options = {}) {
  const { timeline } = await started();
  return answered(timeline(question(options)));
}

/** What is asked, in the words of the adapter: all but four are terms. */
function question({ rules, amend, today, rows, ...terms }, more) {
  if ('expect_rules' in terms) terms.expect_rules ??= null; // JSON leaves out what is undefined, and any rules would pass
  const files = amend == null ? undefined : [amend].flat();
  return JSON.stringify({ terms, rules, amend: files, today, rows, ...more }, kept);
}

/**
 * Refuses what JSON cannot carry: it makes null of NaN, which is nothing given, and
 * leaves out functions. A Date is carried as the instant that it is; one that is
 * invalid, of which JSON makes null too, as the text that it shows: no reader takes it.
 */
function kept(name, value) {
  if (value === null && this[name] !== null) return String(this[name]);
  if (['function', 'symbol'].includes(typeof value) || (typeof value === 'number' && !Number.isFinite(value))) {
    throw new IVPError(`${name}: ${String(value)}: want a text, a finite number, true or false`);
  }
  return value;
}

function answered(text) {
  const { answer, error, columns } = JSON.parse(text);
  if (error !== undefined) throw new IVPError(error, columns);
  return answer;
}

/** Returns the size of an input, and a function that reads bytes of it. */
async function readable(input) {
  if (typeof input === 'string') return readable(new TextEncoder().encode(input));
  if (input instanceof ArrayBuffer) return readable(new Uint8Array(input));
  if (ArrayBuffer.isView(input)) {
    const bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    return { size: bytes.length, read: (from, to) => bytes.subarray(from, to) };
  }
  if (!(input instanceof Blob)) throw new TypeError('checkCSV wants a string, an ArrayBuffer, a view of one such as Uint8Array, a Blob or a File');
  if (typeof FileReaderSync === 'undefined') return readable(await input.arrayBuffer());
  const reader = new FileReaderSync(); // in a worker: piece by piece, so that no file is too large
  return { size: input.size, read: (from, to) => new Uint8Array(reader.readAsArrayBuffer(input.slice(from, to))) };
}
