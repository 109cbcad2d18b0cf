/** Mantine with our colours, and without what would need `style-src 'unsafe-inline'`: see theme.css. */
import { createTheme, Drawer, Menu, Modal, Popover, Tooltip } from '@mantine/core'

/**
 * Beside their button in the document, so that they are in its landmark and next in reading; fixed, so that
 * nothing cuts them.
 */
const FLOATING = { shadow: 'lg', radius: 'md', withinPortal: false, floatingStrategy: 'fixed' } as const

export const theme = createTheme({
  primaryColor: 'brand',
  // The values are in theme.css: Mantine is only told that the name exists.
  colors: { brand: ['', '', '', '', '', '', '', '', '', ''] },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // The page itself never scrolls; locking it would inject a style element.
    Modal: Modal.extend({ defaultProps: { lockScroll: false, centered: true, radius: 'lg' } }),
    Drawer: Drawer.extend({ defaultProps: { lockScroll: false, position: 'right', padding: 'md' } }),
    Menu: Menu.extend({
      defaultProps: { ...FLOATING, width: 'max-content', withInitialFocusPlaceholder: false },
    }),
    Popover: Popover.extend({ defaultProps: FLOATING }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withArrow: true, fz: 'xs' } }),
  },
})
