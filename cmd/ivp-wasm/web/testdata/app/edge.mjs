// A handler on an edge host, which compiles WebAssembly only when it starts.
import { check, load } from 'ivp.mjs';
import wasm from 'ivp.wasm';

export default {
  async fetch(request) {
    await load({ wasm });
    return Response.json(await check(await request.json()));
  },
};
