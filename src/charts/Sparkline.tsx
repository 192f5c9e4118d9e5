import { niceDomain } from './lines.ts';

const WIDTH = 96;
const HEIGHT = 24;

/** A line the size of a word. */
export function Sparkline({ title, values }: { title: string; values: readonly number[] }) {
  const [low, high] = niceDomain(values);
  const points = values.map((y, i) => {
    const x = (i / Math.max(1, values.length - 1)) * (WIDTH - 4) + 2;
    return `${x.toFixed(1)},${(HEIGHT - 2 - ((y - low) / (high - low)) * (HEIGHT - 4)).toFixed(1)}`;
  });
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`${title}: now ${values[values.length - 1].toFixed(3)}`}
      style={{ flexShrink: 0 }}
    >
      <polyline points={points.join(' ')} fill="none" stroke="currentColor" strokeWidth={1.5} />
    </svg>
  );
}
