// Command ivp-wasm is the library and the bulk checker as WebAssembly. Built for
// js it serves the module ivp.mjs, in a browser and in Node.js; built for wasip1
// as a reactor it serves hosts in any language through one function, ivp_check.
// Both take and give JSON, and ask as the service does.
package main
