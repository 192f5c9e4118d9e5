import { create } from 'zustand';

/** A browser's offer to install the page as an app; Chromium's alone, and so in no library of types. */
interface InstallOffer extends Event {
  readonly prompt: () => Promise<unknown>;
}

/** The offer is kept until it is taken up; null where the studio is installed, or the browser has no such thing. */
export const useInstall = create<{ readonly offer: InstallOffer | null }>()(() => ({ offer: null }));

/** Browsers make the offer once, soon after the page is loaded: from the very beginning it has to be listened for. */
export function listenForInstallOffer(): void {
  addEventListener('beforeinstallprompt', (event) => {
    // Not the browser's own banner: the help has a button for it.
    event.preventDefault();
    useInstall.setState({ offer: event as InstallOffer });
  });
  addEventListener('appinstalled', () => useInstall.setState({ offer: null }));
}

/** Asks the user, in the browser's own words. An offer can be used once; whoever declines gets another one with the next visit. */
export async function install(): Promise<void> {
  const { offer } = useInstall.getState();
  useInstall.setState({ offer: null });
  await offer?.prompt();
}
