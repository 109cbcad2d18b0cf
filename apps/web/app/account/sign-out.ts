import { createContext, useContext } from 'react'

/** Ends the session of this tab. The app provides it. */
export const SignOutContext = createContext<() => void>(() => undefined)

export const useSignOut = (): (() => void) => useContext(SignOutContext)
