import { Button, Group, Slider, Text } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useState } from 'react';

interface EpochScrubberProps {
  /** Ascending; at least two. */
  readonly epochs: readonly number[];
  readonly shown: number;
  /** What there is to say of the shown epoch. */
  readonly note: string;
  readonly onShow: (epoch: number) => void;
}

/** Milliseconds an epoch is shown while the training is replayed. */
const PACE = 250;

/** Goes through the epochs: a slider (also with the arrow keys), and a button that replays them. */
export function EpochScrubber({ epochs, shown, note, onShow }: EpochScrubberProps) {
  const still = useReducedMotion();
  const [playing, setPlaying] = useState(false);
  const last = epochs[epochs.length - 1];
  const next = epochs[epochs.indexOf(shown) + 1];
  useEffect(() => {
    if (!playing) return;
    if (next === undefined) {
      setPlaying(false);
      return;
    }
    const timer = setTimeout(() => onShow(next), PACE);
    return () => clearTimeout(timer);
  }, [playing, next, onShow]);
  const play = () => {
    if (next === undefined) onShow(epochs[0]);
    else if (still) onShow(next);
    if (!still) setPlaying(!playing);
  };
  return (
    <Group gap="md" align="center" wrap="nowrap" maw={560}>
      <Button size="xs" variant="default" miw={96} onClick={play}>
        {still ? 'Next epoch' : playing ? 'Pause' : 'Play'}
      </Button>
      <div style={{ flex: 1 }}>
        <Text size="xs" className="figures" mb={6}>
          Epoch {shown} of {last}
          {note}
        </Text>
        <Slider
          min={epochs[0]}
          max={last}
          step={1}
          value={shown}
          onChange={(epoch) => {
            setPlaying(false);
            onShow(epoch);
          }}
          label={null}
          thumbLabel="Epoch"
        />
      </div>
    </Group>
  );
}
