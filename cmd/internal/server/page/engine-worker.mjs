// The engine that runs in this browser: WebAssembly in workers.
export const promise = 'Nothing leaves this machine: your file is read and checked in this browser, and is not sent anywhere.';
/** The formats in which a checked inventory can be written. */
export const formats = ['csv', 'html'];

/** Starts a worker: from this page if it is one file, which has the worker and the WebAssembly in it, or else from a file beside this one. */
function startWorker() {
  const script = document.getElementById('worker');
  if (!script) return new Worker(new URL('worker.mjs', import.meta.url), { type: 'module' });
  const url = URL.createObjectURL(new Blob([script.textContent], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.addEventListener('message', () => URL.revokeObjectURL(url), { once: true });
  compiled ??= unpacked();
  compiled.then((module) => worker.postMessage(module), (fault) => worker.dispatchEvent(new ErrorEvent('error', { message: fault.message })));
  return worker;
}

let compiled; // the WebAssembly in this page

async function unpacked() {
  const packed = document.getElementById('wasm');
  const bytes = Uint8Array.from(atob(packed.textContent), (c) => c.charCodeAt(0));
  packed.remove();
  return WebAssembly.compile(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
}

/** A worker that is started at once, and again for the first call after it was ended. */
class Calls {
  #worker;
  #waiting = new Map(); // by id: the calls that wait for an answer
  #last = 0;

  constructor() {
    this.#started(); // so that nothing is loaded from the network once there is a file
  }

  call(name, args, onProgress) {
    return new Promise((resolve, reject) => {
      const id = ++this.#last;
      this.#waiting.set(id, { resolve, reject, onProgress });
      this.#started().postMessage({ id, name, args });
    });
  }

  /** Ends the worker: there is no other way to stop what it does. */
  end(fault) {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(fault);
    this.#waiting.clear();
  }

  #started() {
    if (this.#worker) return this.#worker;
    this.#worker = startWorker();
    this.#worker.addEventListener('message', ({ data }) => this.#receive(data));
    this.#worker.addEventListener('error', (event) => this.end(new Error(event.message || 'the worker could not be started')));
    return this.#worker;
  }

  #receive({ id, answer, fault, progress }) {
    const { resolve, reject, onProgress } = this.#waiting.get(id);
    if (progress) {
      onProgress(progress);
      return;
    }
    this.#waiting.delete(id);
    if (fault) reject(Object.assign(new Error(fault.message), { columns: fault.columns }));
    else resolve(answer);
  }
}

const questions = new Calls();
const inventories = new Calls(); // separate, so that a long check does not delay other calls

export const rules = ({ amend, expect_rules }) => questions.call('rules', [expect_rules ? { amend, expect_rules } : { amend }]);
export const timeline = (options) => questions.call('timeline', [options]);
export const tables = (question) => questions.call('tables', [question]);
export const check = (device, options) => questions.call('check', [device, options]);

export async function checkCSV(file, options, onProgress, signal) {
  const stop = () => inventories.end(new Error('stopped'));
  signal.addEventListener('abort', stop);
  try {
    return await inventories.call('checkCSV', [file, options], onProgress);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
