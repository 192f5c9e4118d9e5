import { Button, Group, Text } from '@mantine/core';
import { usePreferences } from '../../state/preferences.ts';
import { startTour } from './tour.ts';
import { TOUR_STEPS } from './tourSteps.ts';

/** One line on the first visit, until the tour is taken or declined. */
export function TourOffer() {
  const { tourSeen, seeTour } = usePreferences();
  if (tourSeen) return null;
  return (
    <Group gap="xs" mb="sm" component="aside" aria-label="The tour">
      <Text size="sm">New here? A tour shows the studio in {TOUR_STEPS} steps.</Text>
      <Button size="compact-sm" variant="light" onClick={startTour}>
        Take the tour
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={seeTour}>
        No, thanks
      </Button>
    </Group>
  );
}
