// A service worker that answers its page's requests for /check.
import { check, load } from './node_modules/@mp196/ivp/ivp.mjs';

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  const { pathname, searchParams } = new URL(event.request.url);
  if (pathname === '/check') event.respondWith(answer(Object.fromEntries(searchParams)));
});

async function answer(device) {
  await load({ wasm: '/node_modules/@mp196/ivp/ivp.wasm' });
  return Response.json(await check(device));
}
