// Command ivp-wasm is the library and the bulk checker as WebAssembly, for the
// module ivp.mjs, in a browser and in Node.js. It takes and gives JSON, with the
// names of the service's query.
package main
