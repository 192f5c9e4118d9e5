import '@mantine/core/styles.css';
import '@mantine/dropzone/styles.css';
import '@mantine/notifications/styles.css';
import './app/styles.css';
import { createTheme, MantineProvider } from '@mantine/core';
import { Notifications, notifications } from '@mantine/notifications';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { faultOfError, raise, useFaults } from './state/faults.ts';
import { listenForInstallOffer } from './state/install.ts';
import { watchUpdates } from './state/update.ts';

const theme = createTheme({
  respectReducedMotion: true,
  primaryColor: 'indigo',
  // White words on the lighter default have too little contrast.
  primaryShade: { light: 7, dark: 8 },
  fontSizes: { xs: '12px', sm: '13px', md: '14px' },
  components: {
    // What scrolls sideways on a phone is reached by Tab, and scrolled by the arrow keys.
    TableScrollContainer: {
      defaultProps: { scrollAreaProps: { viewportProps: { tabIndex: 0, role: 'group', 'aria-label': 'Scrolls sideways' } } },
    },
    Text: { defaultProps: { size: 'md' } },
    Tooltip: { defaultProps: { multiline: true, maw: 320, withArrow: true, events: { hover: true, focus: true, touch: true } } },
  },
});

// What nobody has caught is told: nothing fails in silence. What has a fault of its own is told there.
addEventListener('unhandledrejection', ({ reason }) => {
  const fault = faultOfError(reason, useFaults.getState().faults, Date.now());
  if (fault === null) return;
  if (fault.kind !== 'failed') return raise(fault);
  notifications.show({ color: 'red', title: 'Something went wrong', message: fault.message, autoClose: false });
});

listenForInstallOffer();
// In development there is no service worker, and what it keeps would be old at once.
if (import.meta.env.PROD) watchUpdates();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root.');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Notifications position="top-right" />
      <App />
    </MantineProvider>
  </StrictMode>,
);
