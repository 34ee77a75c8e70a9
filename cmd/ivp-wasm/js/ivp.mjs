// The Installation Validity Periods in JavaScript: the Go library as
// WebAssembly, for browsers and Node.js. The file ivp.d.mts documents each function.
// Nothing is sent anywhere.

/** The error of a call; columns are those to choose from, if columns could not be mapped. */
export class IVPError extends Error {
  constructor(message, columns) {
    super(message);
    this.name = 'IVPError';
    this.columns = columns;
  }
}

let starting;

/** Starts the WebAssembly before the first call. If options are given, it checks the rules. */
export async function load(options) {
  await started();
  if (options !== undefined) await rules(options);
}

/** Starts the WebAssembly, once; every function calls it. */
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
  go.run(await instantiate(go.importObject)).finally(() => { starting = undefined; }); // it runs until a fault ends it
  const functions = globalThis.ivpStarted;
  delete globalThis.ivpStarted;
  return functions;
}

/** Returns an instance of the WebAssembly: of the module that a page gave to its worker, or else of the file beside this one. */
async function instantiate(imports) {
  if (globalThis.ivpModule) return WebAssembly.instantiate(await globalThis.ivpModule, imports);
  const url = new URL('ivp.wasm', import.meta.url);
  if (url.protocol === 'file:') {
    const { readFile } = await import('node:fs/promises');
    return (await WebAssembly.instantiate(await readFile(url), imports)).instance;
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  if (response.headers.get('Content-Type') === 'application/wasm') return (await WebAssembly.instantiateStreaming(response, imports)).instance;
  return (await WebAssembly.instantiate(await response.arrayBuffer(), imports)).instance;
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
      parts.splice(0, parts.length, new Blob(parts)); // a browser can keep a Blob on disk
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

export async function tables({ table, file, ...options } = {}) {
  const { tables } = await started();
  return answered(tables(question(options, { table, file })));
}

/** The question in the form that the WebAssembly reads: all options except four are terms. */
function question({ rules, amend, today, rows, ...terms }, more) {
  if ('expect_rules' in terms) terms.expect_rules ??= null; // JSON omits undefined, and any rules would be accepted
  const files = amend == null ? undefined : [amend].flat();
  return JSON.stringify({ terms, rules, amend: files, today, rows, ...more }, kept);
}

/**
 * Refuses values that JSON would lose: NaN would become null, which means not given,
 * and functions would be omitted. A Date is sent as its instant. JSON makes null of an
 * invalid Date; it is sent as its text instead, which is then a bad date.
 */
function kept(name, value) {
  if (value === null && this[name] !== null) return String(this[name]);
  if (['function', 'symbol'].includes(typeof value) || (typeof value === 'number' && !Number.isFinite(value))) {
    throw new IVPError(`${name}: ${String(value)}: want a string, a finite number, true or false`);
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
  if (!(input instanceof Blob)) throw new TypeError('checkCSV requires a string, an ArrayBuffer, a view of one such as Uint8Array, a Blob or a File');
  if (typeof FileReaderSync === 'undefined') return readable(await input.arrayBuffer());
  const reader = new FileReaderSync(); // in a worker: reads in parts, so that no file is too large
  return { size: input.size, read: (from, to) => new Uint8Array(reader.readAsArrayBuffer(input.slice(from, to))) };
}
