// Answers the page from a worker, so that no file freezes it.
import { check, checkCSV, load, rules, timeline } from './ivp.mjs';

const calls = { check, checkCSV, rules, timeline };

self.addEventListener('message', async ({ data: { id, name, args } }) => {
  try {
    const more = name === 'checkCSV' ? [progressOf(id)] : [];
    self.postMessage({ id, answer: await calls[name](...args, ...more) });
  } catch (fault) {
    self.postMessage({ id, fault: { message: fault.message, columns: fault.columns } });
  }
});

/** Tells of progress ten times a second at most. */
function progressOf(id) {
  let last = 0;
  return (progress) => {
    const now = performance.now();
    if (now - last < 100) return;
    last = now;
    self.postMessage({ id, progress });
  };
}

load().catch(() => {}); // ahead of the first question, which tells what is wrong
