import { AppShell, Box, Loader } from '@mantine/core';
import { useDisclosure, useWindowEvent } from '@mantine/hooks';
import './shell/shell.css';
import { lazy, Suspense, useEffect } from 'react';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter';
import { importing, unwrap } from '../services/clients.ts';
import { database } from '../state/database.ts';
import { isClosed, tellError, useFaults } from '../state/faults.ts';
import { foreseeBackend, needTraining, trainingNeeded } from '../state/needed.ts';
import { usePreferences } from '../state/preferences.ts';
import { openStorage, useStorage } from '../state/storage.ts';
import { startTraining, useTraining } from '../state/training.ts';
import { lookThrough } from '../storage/damaged.ts';
import { DataPage } from './data/DataPage.tsx';
import { useHashLocation } from './shared/hashLocation.ts';
import { FaultAlerts } from './shell/FaultAlerts.tsx';
import { Header } from './shell/Header.tsx';
import { Help } from './shell/Help.tsx';
import { Navigation } from './shell/Navigation.tsx';
import { OfflineNote } from './shell/OfflineNote.tsx';
import { PageBoundary } from './shell/PageBoundary.tsx';
import { CONTENT_ID, SkipLink } from './shell/SkipLink.tsx';
import { TourOffer } from './shell/TourOffer.tsx';
import { UpdatePrompt } from './shell/UpdatePrompt.tsx';
import { useHeadingFocus } from './shell/useHeadingFocus.ts';
import { useHeldRun } from './shell/useHeldRun.ts';

// Not before something trains.
const RunBar = lazy(() => import('./shell/RunBar.tsx').then((module) => ({ default: module.RunBar })));
const HeldBar = lazy(() => import('./shell/HeldBar.tsx').then((module) => ({ default: module.HeldBar })));
const TrainPage = lazy(() => import('./train/TrainPage.tsx'));
const ComparePage = lazy(() => import('./compare/ComparePage.tsx'));
const PoliciesPage = lazy(() => import('./policies/PoliciesPage.tsx'));
const LearnPage = lazy(() => import('./learn/LearnPage.tsx'));
const ExperimentPage = lazy(() => import('./experiment/ExperimentPage.tsx'));
const UserPage = lazy(() => import('./user/UserPage.tsx'));

let started = false;

/** What happens once a visit, whatever page it begins on. */
async function begin(): Promise<void> {
  if (started) return;
  started = true;
  await openStorage();
  if (!useStorage.getState().isOpen) return;
  const { remote, call } = importing();
  unwrap(await call(remote.ensureDemo()));
  const { datasetId, chooseDataset } = usePreferences.getState();
  const ids = await database.datasets.filter(({ hasContents }) => hasContents).primaryKeys();
  if (datasetId === null || !ids.includes(datasetId)) chooseDataset(ids[0] ?? null);
  lookThrough(database, () => new Promise((resolve) => setTimeout(resolve, REST))).catch(tellError);
  foreseeBackend(usePreferences.getState().backend).then((backend) => {
    if (useTraining.getState().backend === null) useTraining.setState({ backend });
  }, tellError);
  await trainingNeeded();
  await startTraining();
}

/** Milliseconds between portions of what is looked through: nobody waits for it. */
const REST = 50;

export function App() {
  const [opened, { toggle, close }] = useDisclosure(false);
  const [helping, help] = useDisclosure(false);
  const isOpen = useStorage((state) => state.isOpen);
  const closed = useFaults(isClosed);
  const running = useTraining((state) => state.runId !== null);
  const held = useHeldRun();
  useEffect(() => {
    begin().catch(tellError);
  }, []);
  const [path] = useHashLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever led to another page, the menu of a phone covers it
  useEffect(close, [path]);
  useWindowEvent('keydown', ({ key }) => key === 'Escape' && close());
  return (
    <Router hook={useHashLocation}>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 168, breakpoint: 'sm', collapsed: { mobile: !opened } }}
        footer={{ height: running || held !== null ? 48 : 0 }}
        padding="md"
      >
        <AppShell.Header>
          <SkipLink />
          <Header opened={opened} toggle={toggle} help={help.open} />
        </AppShell.Header>
        <AppShell.Navbar p="xs">
          <Navigation close={close} />
          <OfflineNote />
        </AppShell.Navbar>
        <AppShell.Main id={CONTENT_ID} tabIndex={-1}>
          <Box maw={1200}>
            <FaultAlerts />
            <UpdatePrompt />
            {/* Without a database there is nothing to draw, and nothing that could be done. */}
            {isOpen && !closed && (
              <>
                <Route path="/data" component={TourOffer} />
                <Pages />
              </>
            )}
          </Box>
        </AppShell.Main>
        {(running || held !== null) && (
          <AppShell.Footer>
            <Suspense>{running || held === null ? <RunBar /> : <HeldBar run={held} />}</Suspense>
          </AppShell.Footer>
        )}
      </AppShell>
      <Help opened={helping} open={help.open} close={help.close} />
    </Router>
  );
}

function Pages() {
  const [path] = useLocation();
  useHeadingFocus(path);
  // Whoever leaves the first page is about to need it.
  useEffect(() => {
    if (path !== '/data' && path !== '/') needTraining();
  }, [path]);
  return (
    <PageBoundary key={path}>
      <Suspense fallback={<Loader aria-label="Loading the page" />}>
        <div data-page={path}>
          <Switch>
            <Route path="/data" component={DataPage} />
            <Route path="/train" component={TrainPage} />
            <Route path="/experiment" component={ExperimentPage} />
            <Route path="/compare" component={ComparePage} />
            <Route path="/policies" component={PoliciesPage} />
            <Route path="/learn" component={LearnPage} />
            <Route path="/user" component={UserPage} />
            <Route>
              <Redirect to="/data" />
            </Route>
          </Switch>
        </div>
      </Suspense>
    </PageBoundary>
  );
}
