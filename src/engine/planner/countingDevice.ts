/** What a device was asked to do. */
export interface Counts {
  readonly dispatches: number;
  /** Of every buffer that a dispatch binds; of a table of which a kernel addresses some rows, those. */
  readonly bytesTouched: number;
  readonly peakBytes: number;
  /** The most that a dispatch binds at one place. */
  readonly largestBinding: number;
}

/** WebGPU's own names, where a platform has none: Node. The values are those of the specification. */
const GLOBALS: Readonly<Record<string, unknown>> = {
  GPUBufferUsage: {
    ...{ MAP_READ: 1, MAP_WRITE: 2, COPY_SRC: 4, COPY_DST: 8, INDEX: 16, VERTEX: 32, UNIFORM: 64, STORAGE: 128, INDIRECT: 256 },
    QUERY_RESOLVE: 512,
  },
  GPUMapMode: { READ: 1, WRITE: 2 },
  GPUShaderStage: { VERTEX: 1, FRAGMENT: 2, COMPUTE: 4 },
  GPUBuffer: class GPUBuffer {},
  GPUTexture: class GPUTexture {},
};

/** Limits that every model passes: what does not fit is for the reader of the counts to see. */
const LIMITS = {
  maxBufferSize: 2 ** 40,
  maxStorageBufferBindingSize: 2 ** 40,
  maxUniformBufferBindingSize: 65_536,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxComputeWorkgroupSizeX: 256,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16_384,
};

/**
 * A WebGPU device that computes nothing and counts everything: the real step code runs on it, at any size and without a GPU.
 * It has the part of the interface that tfjs and the engine use.
 */
export class CountingDevice {
  private dispatches = 0;
  private bytesTouched = 0;
  private bytesAllocated = 0;
  private peakBytes = 0;
  private largestBinding = 0;

  constructor() {
    for (const [name, value] of Object.entries(GLOBALS)) {
      if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true });
    }
    // tfjs asks whether there is WebGPU at all before it takes a device.
    if (globalThis.navigator?.gpu === undefined) {
      const navigator = globalThis.navigator ?? {};
      Object.defineProperty(navigator, 'gpu', { value: {}, configurable: true });
      Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
    }
  }

  counts(): Counts {
    const { dispatches, bytesTouched, peakBytes, largestBinding } = this;
    return { dispatches, bytesTouched, peakBytes, largestBinding };
  }

  /** Told of bytes that are bound, but not addressed. */
  leaveOut(bytes: number): void {
    this.bytesTouched -= bytes;
  }

  /** The device as tfjs takes it. */
  asDevice(): GPUDevice {
    const nothing = () => ({});
    const queue = { writeBuffer: nothing, submit: nothing, onSubmittedWorkDone: () => Promise.resolve() };
    const device = {
      limits: LIMITS,
      features: new Set<string>(),
      queue,
      lost: new Promise<never>(() => undefined),
      addEventListener: nothing,
      destroy: nothing,
      createShaderModule: nothing,
      createBindGroupLayout: nothing,
      createPipelineLayout: nothing,
      createComputePipeline: () => ({ getBindGroupLayout: nothing }),
      createBuffer: (descriptor: GPUBufferDescriptor) => this.buffer(descriptor),
      createBindGroup: ({ entries }: GPUBindGroupDescriptor) => this.bindGroup(entries),
      createCommandEncoder: () => this.encoder(),
    };
    return device as unknown as GPUDevice;
  }

  private buffer({ size, usage, mappedAtCreation = false }: GPUBufferDescriptor): GPUBuffer {
    this.bytesAllocated += size;
    this.peakBytes = Math.max(this.peakBytes, this.bytesAllocated);
    let isThere = true;
    const destroy = () => {
      if (isThere) this.bytesAllocated -= size;
      isThere = false;
    };
    // One of the platform's own class by its prototype: tfjs asks.
    return Object.create(globalThis.GPUBuffer.prototype, {
      size: { value: size },
      usage: { value: usage },
      mapState: { value: mappedAtCreation ? 'mapped' : 'unmapped', writable: true },
      getMappedRange: { value: () => new ArrayBuffer(size) },
      mapAsync: { value: () => Promise.resolve() },
      unmap: { value: () => undefined },
      destroy: { value: destroy },
    });
  }

  private bindGroup(entries: Iterable<GPUBindGroupEntry>): { bytes: number } {
    let bytes = 0;
    for (const { resource } of entries) {
      const { buffer, size } = resource as GPUBufferBinding;
      const own = size ?? buffer.size;
      bytes += own;
      this.largestBinding = Math.max(this.largestBinding, own);
    }
    return { bytes };
  }

  private encoder() {
    let bound = 0;
    const pass = {
      setPipeline: () => undefined,
      setBindGroup: (_index: number, group: { bytes: number }) => {
        bound = group.bytes;
      },
      dispatchWorkgroups: () => {
        this.dispatches++;
        this.bytesTouched += bound;
      },
      end: () => undefined,
    };
    return {
      beginComputePass: () => pass,
      copyBufferToBuffer: () => undefined,
      clearBuffer: () => undefined,
      finish: () => ({}),
    };
  }
}
