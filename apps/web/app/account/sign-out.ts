import { createContext, useContext } from 'react'

/** Ends the session of this tab. Given by the app. */
export const SignOutContext = createContext<() => void>(() => undefined)

export const useSignOut = (): (() => void) => useContext(SignOutContext)
