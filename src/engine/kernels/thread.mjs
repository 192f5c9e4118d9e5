// A thread that helps the kernels (engine/kernels/threads.ts). Plain JavaScript, since Node and browsers start it from its file.

/** @typedef {{ bytes: ArrayBuffer, memory: WebAssembly.Memory, control: number, names: string[] }} Start */

const port = globalThis.process?.getBuiltinModule?.('node:worker_threads').parentPort ?? globalThis;

/** How often a thread looks for work before it goes to sleep; waking one up takes as long as a small kernel. */
const SPINS = 100_000;

port.onmessage = async (/** @type {{ data: Start }} */ { data: { bytes, memory, control, names } }) => {
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  const kernels = names.map((name) => /** @type {(...words: number[]) => void} */ (instance.exports[name]));
  // Asked, answered, which kernel, with how many words; then the words (`ControlBlock` in threads.ts).
  const state = new Int32Array(memory.buffer, control, 4);
  const words = new Float64Array(memory.buffer, control + 16, 32);
  port.postMessage('ready');
  for (let done = 0; ; ) {
    let spins = 0;
    while (Atomics.load(state, 0) === done) if (++spins > SPINS) Atomics.wait(state, 0, done);
    done = Atomics.load(state, 0);
    kernels[state[2]](...words.subarray(0, state[3]));
    Atomics.store(state, 1, done);
    Atomics.notify(state, 1);
  }
};
