// Command ivp-wasm is the library and the inventory checker as WebAssembly, for the
// module ivp.mjs in browsers and Node.js. Questions and replies are JSON, with the
// same names as in the query of the service.
package main
