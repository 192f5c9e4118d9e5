/** The adapter, or a sentence that says why there is none and what to do. */
export async function findAdapter(): Promise<GPUAdapter | string> {
  if (typeof navigator === 'undefined' || navigator.gpu === undefined) {
    return 'This browser offers no WebGPU here. Chrome, Edge and Safari 26 have it; Firefox on Windows and macOS too.';
  }
  try {
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
    return adapter ?? 'WebGPU is there, but no adapter is: see chrome://gpu, and whether hardware acceleration is switched on.';
  } catch (error) {
    return `WebGPU is there, but asking for an adapter failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

export const nameOf = (info: GPUAdapterInfo): string =>
  [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(' ') || 'unnamed adapter';

export const isSoftware = (info: GPUAdapterInfo): boolean =>
  info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(nameOf(info));

export const softwareWords = (name: string): string =>
  `The only WebGPU adapter computes on the CPU (${name}); WASM is faster there.`;
