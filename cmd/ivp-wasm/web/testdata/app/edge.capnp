using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .edge)],
  sockets = [(name = "http", http = (), service = "main")],
);

const edge :Workerd.Worker = (
  modules = [
    (name = "edge.mjs", esModule = embed "edge.mjs"),
    (name = "ivp.mjs", esModule = embed "node_modules/@mp196/ivp/ivp.mjs"),
    (name = "wasm_exec.js", esModule = embed "node_modules/@mp196/ivp/wasm_exec.js"),
    (name = "ivp.wasm", wasm = embed "node_modules/@mp196/ivp/ivp.wasm"),
  ],
  compatibilityDate = "2026-11-01",
);
