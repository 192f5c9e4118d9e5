import { Group, Table, Text } from '@mantine/core';
import { scaleLinear } from 'd3-scale';
import { niceDomain } from '../../../charts/lines.ts';
import type { Resemblance } from '../../../engine/inspection/effects.ts';
import { count, withError } from '../../format.ts';

const WIDTH = 320;
const HEIGHT = 180;
const LEFT = 48;
const BOTTOM = 40;
const TOP = 8;
const RIGHT = 12;

/** How well Finetune-CLS ranks the targets of users, by how many of their blocks stay frozen: dots with standard errors. */
export function ResemblanceDots({ groups }: Pick<Resemblance, 'groups'>) {
  const numbers = groups.map(({ frozen }) => frozen);
  const [fewest, most] = [Math.min(...numbers), Math.max(...numbers)];
  const ends = groups.flatMap(({ reciprocalRank: { value, error } }) => [value - error, value + error]);
  const y = scaleLinear()
    .domain(niceDomain(ends))
    .range([HEIGHT - BOTTOM, TOP]);
  const x = scaleLinear()
    .domain([fewest - 0.5, most + 0.5])
    .range([LEFT, WIDTH - RIGHT]);
  const title = 'Mean reciprocal rank under Finetune-CLS, by frozen blocks';
  return (
    <Group component="figure" m={0} gap="lg" align="flex-start">
      <div>
        <Text size="sm" fw={600} component="figcaption">
          {title}
        </Text>
        <svg width={WIDTH} height={HEIGHT} role="img" aria-label={`${title}; the table has the figures`} fontSize={11}>
          {y.ticks(4).map((tick) => (
            <g key={tick}>
              <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} stroke="var(--mantine-color-default-border)" />
              <text x={LEFT - 6} y={y(tick)} dy="0.32em" textAnchor="end" fill="currentColor">
                {tick}
              </text>
            </g>
          ))}
          {Array.from({ length: most - fewest + 1 }, (_, i) => fewest + i).map((frozen) => (
            <text key={frozen} x={x(frozen)} y={HEIGHT - BOTTOM + 14} textAnchor="middle" fill="currentColor">
              {frozen}
            </text>
          ))}
          <text x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 8} textAnchor="middle" fill="currentColor">
            frozen blocks of a user
          </text>
          <text transform={`translate(11 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)`} textAnchor="middle" fill="currentColor">
            mean reciprocal rank
          </text>
          {groups.map(({ frozen, reciprocalRank: { value, error } }) => (
            <g key={frozen} stroke="currentColor" fill="currentColor">
              <line x1={x(frozen)} x2={x(frozen)} y1={y(value - error)} y2={y(value + error)} strokeWidth={1.5} />
              <circle cx={x(frozen)} cy={y(value)} r={4} />
            </g>
          ))}
        </svg>
      </div>
      <Table fz="sm" verticalSpacing={4} w="auto" className="figures" aria-label={title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th ta="right">frozen blocks</Table.Th>
            <Table.Th ta="right">users</Table.Th>
            <Table.Th>mean reciprocal rank</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map(({ frozen, users, reciprocalRank: { value, error } }) => (
            <Table.Tr key={frozen}>
              <Table.Td ta="right">{frozen}</Table.Td>
              <Table.Td ta="right">{count(users)}</Table.Td>
              <Table.Td>{withError(value, error)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Group>
  );
}
