import { useEffect, useState } from 'react';

/** Counts up to `total`, one step a task: a long page is built part by part, and answers in between. */
export function useStages(total: number): number {
  const [stage, setStage] = useState(1);
  useEffect(() => {
    if (stage >= total) return;
    const waiting = setTimeout(() => setStage(stage + 1));
    return () => clearTimeout(waiting);
  }, [stage, total]);
  return stage;
}
