// @vitest-environment jsdom
import { check, checkCSV, load } from '@mp196/ivp';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const inventory = 'spec,install_date\nSMETS2 v3.1,2023-04-27\n';
const wrong = async (wasm) => (await load({ wasm }).catch((fault) => fault)).message;

test('what is not WebAssembly is named', async () => {
  expect(await wrong(import.meta.url)).toContain('jsdom.test.mjs: this is not WebAssembly: give the WebAssembly');
  expect(await wrong(import.meta.resolve('./absent.wasm'))).toContain('ENOENT');
  expect(await wrong('http://127.0.0.1:1/ivp.wasm')).toContain('http://127.0.0.1:1/ivp.wasm');
  expect(await wrong('https://')).toContain('this is not a URL');
  expect(await wrong(new ArrayBuffer(8))).toContain('wasm: this is not WebAssembly');
});

test('the bytes of the WebAssembly', async () => {
  await load({ wasm: readFile(new URL(import.meta.resolve('@mp196/ivp/ivp.wasm'))) });
  expect(document.body).toBeTruthy();
  expect((await check({ spec: 'SMETS2 v3.1', install_date: '2023-04-28' })).reason).toBe('after-end');
});

test('files of the page', async () => {
  for (const input of [inventory, new TextEncoder().encode(inventory).buffer, new File([inventory], 'stock.csv'), new Blob([inventory])]) {
    const { csv, summary } = await checkCSV(input);
    expect(summary.outcomes.eligible).toBe(1);
    expect(await csv.text()).toContain('eligible,within-period');
  }
});
