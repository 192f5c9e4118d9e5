/**
 * The shape of a product's inner loop. `register`: each invocation reads what it needs by itself, without barriers.
 * `workgroup`: tiles of both sides go through workgroup memory. `subgroup`: invocations of a subgroup read the left-hand side for
 * each other. Each computes `rows` × `columns` values of the result.
 */
export interface Variant {
  readonly kind: 'register' | 'workgroup' | 'subgroup';
  readonly rows: 4 | 8;
  readonly columns: 4 | 8;
}

/** How a variant is written in runs and checkpoints: `register 4×8`. */
export const nameOfVariant = ({ kind, rows, columns }: Variant): string => `${kind} ${rows}×${columns}`;

/** What is tried on a new adapter. */
export const VARIANTS: readonly Variant[] = [
  { kind: 'workgroup', rows: 4, columns: 8 },
  { kind: 'workgroup', rows: 8, columns: 8 },
  { kind: 'register', rows: 4, columns: 4 },
  { kind: 'register', rows: 4, columns: 8 },
  { kind: 'register', rows: 8, columns: 4 },
  { kind: 'register', rows: 8, columns: 8 },
  { kind: 'subgroup', rows: 4, columns: 8 },
  { kind: 'subgroup', rows: 8, columns: 8 },
];

/** Whether a device has what a variant is written in. */
export const canRun = ({ features }: GPUDevice, { kind }: Variant): boolean => kind !== 'subgroup' || features.has('subgroups');

/** For adapters that compute on the CPU, where a barrier costs more than it saves. */
export const WITHOUT_BARRIERS: Variant = { kind: 'register', rows: 8, columns: 8 };

export function variantNamed(name: string): Variant | undefined {
  return VARIANTS.find((variant) => nameOfVariant(variant) === name);
}
