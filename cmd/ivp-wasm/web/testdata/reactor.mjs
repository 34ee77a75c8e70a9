// Puts the questions of a file, the second argument, to the reactor, the first,
// as a host of WASI in any language would.
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const wasi = new WASI({ version: 'preview1' });
const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), wasi.getImportObject());
wasi.initialize(instance);
const { memory, ivp_alloc: alloc, ivp_check: check } = instance.exports;

function ask(question) {
  const text = new TextEncoder().encode(JSON.stringify(question));
  const to = alloc(text.length); // first: any call may grow the memory, and what was its buffer is then gone
  new Uint8Array(memory.buffer).set(text, to);
  const at = check(text.length);
  const length = new DataView(memory.buffer).getUint32(at, true);
  return JSON.parse(new TextDecoder().decode(new Uint8Array(memory.buffer, at + 4, length)));
}

const replies = [];
for (const { devices, terms } of JSON.parse(readFileSync(process.argv[3], 'utf8'))) {
  const { answer, error } = ask({ device: devices, terms });
  if (error) throw new Error(error);
  replies.push({ answers: answer });
}
replies.push({ error: ask({ device: [{ spec: 4 }] }).error });
process.stdout.write(JSON.stringify(replies));
