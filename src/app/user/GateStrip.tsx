import { gateColour } from '../../charts/viridis.ts';
import { gateWord } from './words.ts';

interface GateStripProps {
  readonly gates: readonly number[];
  /** The block of the first of them. */
  readonly first?: number;
  readonly upright?: boolean;
}

/** Gates as a strip of small squares, the first block at the left or at the top. */
export function GateStrip({ gates, first = 1, upright = false }: GateStripProps) {
  const words = gates
    .map((gate, l) => `block ${first + l} ${Number.isInteger(gate) ? gateWord(gate) : gate.toFixed(2)}`)
    .join(', ');
  return (
    <span role="img" aria-label={words} title={words} className="gate-strip" data-upright={upright}>
      {gates.map((gate, l) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the index is the block
        <span key={l} style={{ background: gateColour(gate) }} />
      ))}
    </span>
  );
}
