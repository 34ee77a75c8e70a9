// An application in one file of CommonJS, where a module has no address: it gives the
// bytes of the WebAssembly.
import { check, load, rules } from '@mp196/ivp';
import { readFileSync } from 'node:fs';

(async () => {
  await load({ wasm: readFileSync(process.argv[2]) });
  const answers = await check([{ spec: 'SMETS2 v3.1', install_date: '2023-04-28' }, { spec: 'SMETS2 v3.1', install_date: '2023-04-27' }]);
  console.log(...answers.map(({ outcome, reason }) => `${outcome} ${reason}`), (await rules()).sha256);
})();
