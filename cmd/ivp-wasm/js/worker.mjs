// Runs the calls of the page in a worker, so that no file freezes the page.
import { check, checkCSV, load, rules, tables, timeline } from './ivp.mjs';

const calls = { check, checkCSV, rules, tables, timeline };

self.addEventListener('message', async ({ data: { id, name, args } }) => {
  try {
    const more = name === 'checkCSV' ? [progressOf(id)] : [];
    self.postMessage({ id, answer: await calls[name](...args, ...more) });
  } catch (fault) {
    self.postMessage({ id, fault: { message: fault.message, columns: fault.columns } });
  }
});

/** Reports progress at most ten times a second. */
function progressOf(id) {
  let last = 0;
  return (progress) => {
    const now = performance.now();
    if (now - last < 100) return;
    last = now;
    self.postMessage({ id, progress });
  };
}

load({ wasm: self.ivpModule }).catch(() => {}); // before the first call, which reports what is wrong
