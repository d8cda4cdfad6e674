// Preact, its hooks and htm, for every page: one place to change the library.
export {
  html, render, h, Component, createContext,
  useState, useEffect, useLayoutEffect, useRef, useMemo, useCallback, useReducer, useContext, useErrorBoundary,
} from '../vendor/htm-preact.js';
