/** Mantine with our colours, and without what would need `style-src 'unsafe-inline'`: see theme.css. */
import { createTheme, Drawer, Menu, Modal, Popover, Tooltip } from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'brand',
  // The values are in theme.css: Mantine is only told that the name exists.
  colors: { brand: ['', '', '', '', '', '', '', '', '', ''] },
  defaultRadius: 'md',
  cursorType: 'pointer',
  components: {
    // The page itself never scrolls; locking it would inject a style element.
    Modal: Modal.extend({ defaultProps: { lockScroll: false, centered: true, radius: 'lg' } }),
    Drawer: Drawer.extend({ defaultProps: { lockScroll: false, position: 'right', padding: 'md' } }),
    Menu: Menu.extend({ defaultProps: { shadow: 'lg', radius: 'md', width: 'max-content' } }),
    Popover: Popover.extend({ defaultProps: { shadow: 'lg', radius: 'md' } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withArrow: true, fz: 'xs' } }),
  },
})
