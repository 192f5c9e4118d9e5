import type { KeyboardEvent, ReactNode } from 'react';

interface PartProps {
  readonly label: string;
  readonly on: boolean;
  readonly onPress: () => void;
  /** By pointer or focus, without a press. */
  readonly onPoint?: () => void;
  readonly children: ReactNode;
}

/** A part of a drawing that is worked like a button: by pointer, by touch, and by Tab with Enter or Space. */
export function Part({ label, on, onPress, onPoint, children }: PartProps) {
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onPress();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing has no button element
    <g
      className="part"
      role="button"
      tabIndex={0}
      aria-label={label}
      aria-pressed={on}
      onClick={onPress}
      onKeyDown={press}
      onPointerEnter={onPoint}
      onFocus={onPoint}
    >
      {children}
    </g>
  );
}
