/** The few icons of the app: strokes on a grid of 24, coloured as the text around them. Decoration: whoever uses one names it. */
const PATHS = {
  archive: 'M4 4h16v5H4zM5.5 9v11h13V9M10 13h4',
  back: 'M15 5l-7 7 7 7',
  bellOff:
    'M4 4l16 16M9 5.2A6 6 0 0118 10c0 3 .8 5 1.6 6.2M16 17H4c1.300-1.500 2-3.500 2-7 0-.7.1-1.400.300-2M10 20.500a2.200 2.200 0 004 0',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  checks: 'M2 12.500l4.500 4.500L16 7.500M11.500 16.200l.800.800L22 7.500',
  clock: 'M12 3.500a8.500 8.500 0 110 17 8.500 8.500 0 010-17zM12 7.500V12l3 2',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  devices: 'M3 5h13v9H3zM1.500 18H14M18 9h4.500v11H18z',
  down: 'M12 5v14M6 13l6 6 6-6',
  edit: 'M4 20l1-4.500L16.500 4l3.500 3.500L8.500 19zM14 6.500l3.500 3.500',
  hash: 'M9.500 4l-2 16M16.500 4l-2 16M4.500 9h16M3.500 15h16',
  key: 'M14.500 4a5.500 5.500 0 11-4.700 8.300L3 19v2.500h4V19h2.500v-2.500L11.700 14M15.500 8.500h.010',
  language: 'M12 3a9 9 0 100 18 9 9 0 000-18zM3 12h18M12 3c5 5.500 5 12.500 0 18M12 3c-5 5.500-5 12.500 0 18',
  leave: 'M14 4H5v16h9M10 12h11M17.500 8.500L21 12l-3.500 3.500',
  lock: 'M5.500 11h13v9.500h-13zM8 11V8a4 4 0 018 0v3',
  megaphone: 'M4 10v4h3l9 5V5l-9 5zM19 9.500c1.300 1.500 1.300 3.500 0 5M8 14.500V19h3',
  more: 'M5 12h.010M12 12h.010M19 12h.010',
  note: 'M5 3.500h10l4 4v13H5zM14.500 3.500V8H19M8.500 12h7M8.500 16h5',
  people:
    'M9 4.500a3.500 3.500 0 110 7 3.500 3.500 0 010-7zM2.500 20c.300-4 3-6 6.500-6s6.200 2 6.500 6M15.500 4.800a3.500 3.500 0 010 6.400M17.500 14.300c2.400.600 3.800 2.600 4 5.700',
  pencil: 'M12 20h8.500M4 20l.800-4L15 5.800a2.200 2.200 0 013.200 3.200L8 19.200z',
  person:
    'M12 4a4 4 0 110 8 4 4 0 010-8zM4.500 20.500c.400-4.500 3.500-6.500 7.500-6.500s7.100 2 7.500 6.500',
  pin: 'M12 15.500V21M8 3.500h8l-1 6 3 3.500v2.500H6V13l3-3.500z',
  plug: 'M9 3v5M15 3v5M6.500 8h11v4a5.500 5.500 0 01-11 0zM12 17.500V21',
  plus: 'M12 5v14M5 12h14',
  reply: 'M10 6L4 12l6 6M4.500 12H14c4 0 6 2.500 6 6.500',
  search: 'M10.500 4a6.500 6.500 0 110 13 6.500 6.500 0 010-13zM15.300 15.300L20.500 20.500',
  send: 'M4 12L20.500 4 14 20.500l-2.500-7z',
  smile:
    'M12 3.500a8.500 8.500 0 110 17 8.500 8.500 0 010-17zM8 14c1.800 3 6.200 3 8 0M9 9.500h.010M15 9.500h.010',
  sun: 'M12 8a4 4 0 110 8 4 4 0 010-8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400',
  trash: 'M4.500 6.500h15M9 6V4h6v2M6.500 6.500l1 14h9l1-14M10.500 11v5M13.500 11v5',
  warning: 'M12 4l9 16H3zM12 10v4.500M12 17.200h.010',
  window: 'M4 5h11v11H4zM9 16v4h11V9h-5',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
