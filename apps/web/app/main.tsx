import { MantineProvider } from '@mantine/core'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './ui/mantine.css'
import './ui/theme.css'
import './ui/common.css'
import { App } from './app.tsx'
import { LocaleProvider } from './i18n/locale.tsx'
import { ErrorBoundary } from './ui/error-boundary.tsx'
import { theme } from './ui/theme.ts'
import { ToastProvider } from './ui/toasts.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no element with the id root')
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <LocaleProvider>
        <ErrorBoundary>
          <ToastProvider>
            <App />
          </ToastProvider>
        </ErrorBoundary>
      </LocaleProvider>
    </MantineProvider>
  </StrictMode>,
)
