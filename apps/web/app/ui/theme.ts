/**
 * Mantine with Skein's colours, and without features that need `style-src 'unsafe-inline'`: see theme.css.
 */
import { createTheme, Drawer, Menu, Modal, Popover, Tooltip } from '@mantine/core'

/**
 * Menus render beside their button, so they share its landmark and reading order; `fixed`, so no container
 * clips them.
 */
const FLOATING = { shadow: 'lg', radius: 'md', withinPortal: false, floatingStrategy: 'fixed' } as const

export const theme = createTheme({
  primaryColor: 'brand',
  // The values are in theme.css; Mantine only needs the name.
  colors: { brand: ['', '', '', '', '', '', '', '', '', ''] },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // The page never scrolls, and locking would inject a style element.
    Modal: Modal.extend({ defaultProps: { lockScroll: false, centered: true, radius: 'lg' } }),
    Drawer: Drawer.extend({ defaultProps: { lockScroll: false, position: 'right', padding: 'md' } }),
    Menu: Menu.extend({
      defaultProps: { ...FLOATING, width: 'max-content', withInitialFocusPlaceholder: false },
    }),
    Popover: Popover.extend({ defaultProps: FLOATING }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withArrow: true, fz: 'xs' } }),
  },
})
