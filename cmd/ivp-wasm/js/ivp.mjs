// The Installation Validity Periods in JavaScript: the Go library as
// WebAssembly, for browsers and Node.js. The file ivp.d.mts documents each function.
// Nothing is sent anywhere.

import './wasm_exec.js'; // not by import(), which service workers refuse

/** The error of a call; columns are those to choose from, if columns could not be mapped. */
export class IVPError extends Error {
  constructor(message, columns, options) {
    super(message, options);
    this.name = 'IVPError';
    this.columns = columns;
  }
}

let starting;
let given; // the WebAssembly that load was given
let compiled; // the WebAssembly as a module, to start it again after a fault

/** Starts the WebAssembly before the first call. If other options are given, it checks the rules. */
export async function load({ wasm, ...options } = {}) {
  given = wasm ?? given;
  await started();
  if (Object.keys(options).length > 0) await rules(options);
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
  compiled ??= await compile(await (given ?? new URL('./ivp.wasm', import.meta.url)));
  const go = new globalThis.Go();
  // One thread runs everything, so that collecting garbage beside the program only makes each
  // store of a pointer slower, for a third of the time: a tenth to a quarter of checkCSV.
  go.env.GODEBUG = 'gcstoptheworld=1';
  const instance = await WebAssembly.instantiate(compiled, go.importObject);
  go.run(instance).finally(() => { starting = undefined; }); // it runs until a fault ends it
  const functions = globalThis.ivpStarted;
  delete globalThis.ivpStarted;
  return functions;
}

const giveIt = 'give the WebAssembly, the file ivp.wasm, with load({ wasm }): its URL, its bytes, or a WebAssembly.Module';

/** Compiles the WebAssembly, which is a module already, or bytes, or at a URL. */
async function compile(wasm) {
  if (Object.prototype.toString.call(wasm) === '[object WebAssembly.Module]') return wasm; // of any realm
  const bytes = bytesOf(wasm);
  if (bytes) return compileBytes(bytes, 'wasm');
  let url;
  try {
    url = new URL(wasm, globalThis.location?.href);
  } catch (cause) {
    throw new IVPError(`wasm: ${wasm}: this is not a URL: ${giveIt}`, undefined, { cause });
  }
  if (url.protocol === 'file:' && globalThis.process?.getBuiltinModule) {
    return compileBytes(await globalThis.process.getBuiltinModule('node:fs/promises').readFile(url).catch(unread), url);
  }
  const response = await fetch(url).catch(unread);
  if (!response.ok) throw new IVPError(`${url}: ${response.status} ${response.statusText}: ${giveIt}`);
  if (response.headers.get('Content-Type') === 'application/wasm') return WebAssembly.compileStreaming(response);
  return compileBytes(new Uint8Array(await response.arrayBuffer()), url);

  function unread(cause) {
    throw new IVPError(`${url}: ${cause.message}: ${giveIt}`, undefined, { cause });
  }
}

/** Compiles bytes; where says whose they are. Servers of pages often send a page in place of a missing file. */
function compileBytes(bytes, where) {
  if (['\0', 'a', 's', 'm'].some((letter, at) => bytes[at] !== letter.charCodeAt(0))) {
    throw new IVPError(`${where}: this is not WebAssembly: ${giveIt}`);
  }
  return WebAssembly.compile(bytes);
}

/** Returns the bytes of a buffer or a view of one, of any realm; undefined for other values. */
function bytesOf(value) {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (['[object ArrayBuffer]', '[object SharedArrayBuffer]'].includes(Object.prototype.toString.call(value))) return new Uint8Array(value);
}

export async function check(device, options = {}) {
  const { check } = await started();
  return answered(check(question(options, { device })));
}

export async function checkCSV(input, options = {}, onProgress) {
  const { checkCSV } = await started();
  const source = await readable(input);
  const Whole = Blob.prototype.text ? Blob : globalThis.process.getBuiltinModule('node:buffer').Blob; // jsdom's has no text()
  const parts = [];
  let held = 0;
  const checked = answered(checkCSV(question(options, { name: input?.name }), {
    size: source.size,
    read: source.read,
    write(bytes) {
      parts.push(bytes);
      held += bytes.length;
      if (held < keptParts) return;
      parts.splice(0, parts.length, new Whole(parts)); // a browser can keep a Blob on disk
      held = 0;
    },
    progress: (rows, bytesRead) => onProgress?.({ rows, bytesRead, bytes: source.size }),
  }));
  return { csv: new Whole(parts, { type: types[options.format ?? 'csv'] }), ...checked };
}

const keptParts = 16 << 20;

/** The media types of the formats of an inventory. */
const types = { csv: 'text/csv;charset=utf-8', html: 'text/html;charset=utf-8', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' };

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

/** The question in the form that the WebAssembly reads: all options except five are terms. */
function question({ rules, amend, list, today, rows, ...terms }, more) {
  if ('expect_rules' in terms) terms.expect_rules ??= null; // JSON omits undefined, and any rules would be accepted
  const files = amend == null ? undefined : [amend].flat();
  const bytes = list && (bytesOf(list.content) ?? new TextEncoder().encode(list.content));
  return JSON.stringify({ terms, rules, amend: files, list: list ? { name: list.name, content: base64(bytes) } : undefined, today, rows, ...more }, kept);
}

function base64(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += 1 << 15) parts.push(String.fromCharCode(...bytes.subarray(at, at + (1 << 15))));
  return btoa(parts.join(''));
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
  const bytes = bytesOf(typeof input === 'string' ? new TextEncoder().encode(input) : input);
  if (bytes) return { size: bytes.length, read: (from, to) => bytes.subarray(from, to) };
  if (!['[object Blob]', '[object File]'].includes(Object.prototype.toString.call(input))) {
    throw new TypeError('checkCSV requires a string, an ArrayBuffer, a view of one such as Uint8Array, a Blob or a File');
  }
  if (typeof FileReaderSync !== 'undefined') { // in a worker: reads in parts, so that no file is too large
    const reader = new FileReaderSync();
    return { size: input.size, read: (from, to) => new Uint8Array(reader.readAsArrayBuffer(input.slice(from, to))) };
  }
  if (input.arrayBuffer) return readable(await input.arrayBuffer());
  return new Promise((resolve, reject) => { // jsdom's Blob has no arrayBuffer
    const reader = new FileReader();
    reader.onload = () => resolve(readable(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(input);
  });
}
