// A form's state: what was loaded, what is typed, what is wrong with it, and whether somebody else has changed it meanwhile.
import { useCallback, useEffect, useMemo, useRef, useState } from './html.js';

const same = (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b);

/** The members of `values` that differ from `initial`. */
export const changesOf = (initial, values) =>
  Object.fromEntries(Object.entries(values).filter(([name, value]) => !same(value, initial[name])));

/**
 * `initial`: the values as loaded. `check(values)`: {member: error} of what is wrong before it is sent. `save(changes, values)` sends
 * and answers the values as they are then. `fresh()` answers the values as they are stored now: what changed there and is
 * changed here is a conflict, and nothing is sent until it is decided. `errorsOf(failure)`: {member: error} of what the server refused.
 */
export function useForm({ initial, check, save, fresh, errorsOf = (failure) => failure.errors ?? {}, onSaved, onFailed }) {
  const [base, setBase] = useState(initial);
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState({});
  const [conflict, setConflict] = useState(null);
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const form = useRef(null);
  const alive = useRef(true);
  useEffect(() => () => { alive.current = false; }, []);

  const changes = useMemo(() => changesOf(base, values), [base, values]);
  const dirty = Object.keys(changes).length > 0;
  const wrong = useMemo(() => check?.(values) ?? {}, [values]);
  // Nobody is told of an error in what they have not finished: not before the first try to save.
  const shown = { ...errors, ...(tried ? wrong : null) };

  const set = useCallback((name, value) => {
    setValues((now) => ({ ...now, [name]: typeof value === 'function' ? value(now[name]) : value }));
    setErrors(({ [name]: _, ...others }) => others);
  }, []);

  /** `stays(now)`: which of the values as they are now are not replaced. */
  const reset = (next = base, stays = () => ({})) => {
    setBase(next);
    setValues((now) => ({ ...next, ...stays(now) }));
    setErrors({});
    setConflict(null);
    setTried(false);
  };

  const focusFirstError = () => requestAnimationFrame(() => form.current?.querySelector('[aria-invalid="true"]')?.focus());

  const send = async (against) => {
    setBusy(true);
    try {
      const stored = await fresh?.();
      const theirs = stored ? changesOf(against, stored) : {};
      const clash = Object.keys(theirs).filter((name) => name in changes && !same(theirs[name], values[name]));
      if (clash.length > 0) {
        setConflict({ names: clash, stored });
        return;
      }

      // What only others have changed stays as they left it.
      const next = { ...values, ...stored, ...changes };
      const saved = (await save(changes, next)) ?? next;
      if (!alive.current) return;
      // What was typed while this was on its way is unsaved.
      reset(saved, (now) => changesOf(values, now));
      onSaved?.(saved);
    } catch (error) {
      if (!alive.current) return;
      // What no field shows is told like any other failure.
      const refused = Object.fromEntries(Object.entries(errorsOf(error)).filter(([name]) => name in values));
      setErrors(refused);
      if (Object.keys(refused).length > 0) focusFirstError();
      else onFailed?.(error);
    } finally {
      if (alive.current) setBusy(false);
    }
  };

  const submit = (event) => {
    event?.preventDefault();
    if (busy || !dirty) return;
    if (Object.keys(wrong).length > 0) {
      setTried(true);
      focusFirstError();
      return;
    }

    send(base);
  };

  return {
    ref: form, values, set, changes, dirty, busy, errors: shown, submit, conflict,
    undo: () => reset(),
    /** After a conflict: what others stored replaces what is typed in the same place, or is overwritten. */
    takeTheirs: () => reset(conflict.stored, (now) =>
      Object.fromEntries(Object.entries(changesOf(base, now)).filter(([name]) => !conflict.names.includes(name)))),
    keepMine: () => {
      const { stored } = conflict;
      setConflict(null);
      setBase(stored);
      send(stored);
    },
    /** What a text control of member `name` needs. */
    text: (name) => ({ value: values[name], onValue: (value) => set(name, value), error: shown[name] }),
  };
}
