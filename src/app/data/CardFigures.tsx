import { Alert, Stack, Text } from '@mantine/core';
import type { DatasetRow } from '../../storage/database.ts';
import { useImports } from '../shared/useAnswer.ts';
import { Doubts } from './shape/Doubts.tsx';
import type { Doubt } from './shape/doubts.ts';
import { ShapeFigures } from './shape/ShapeFigures.tsx';

interface CardFiguresProps {
  readonly row: DatasetRow;
  readonly doubts: readonly Doubt[];
}

/** The figures of a dataset. Those of one that an earlier version stored are reckoned now; its row has them from then on. */
export function CardFigures({ row: { id, shape, task }, doubts }: CardFiguresProps) {
  const { error } = useImports(shape === undefined ? String(id) : null, (service) => service.shape(id));
  if (error !== null) {
    return (
      <Alert color="red" role="alert" title="The figures could not be made">
        {error.message} The dataset itself is as it was.
      </Alert>
    );
  }
  if (shape === undefined) {
    return (
      <Text size="sm" role="status">
        Reading the dataset…
      </Text>
    );
  }
  return (
    <Stack gap="sm" component="section" aria-label="Figures">
      <ShapeFigures shape={shape} before={null} task={task} columns={2} />
      <Doubts doubts={doubts} />
    </Stack>
  );
}
