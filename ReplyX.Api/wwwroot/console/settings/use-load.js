// What a page shows: asked for when it opens, and again on demand.
import { useCallback, useEffect, useRef, useState } from '../../ui/html.js';

/** `load()` is asked again when one of `inputs` changes. Answers `{data, error, reload, setData}`. */
export function useLoad(load, inputs = []) {
  const [state, setState] = useState({});
  const asked = useRef(0);
  const reload = useCallback(async () => {
    const turn = ++asked.current;
    try {
      const data = await load();
      if (turn === asked.current) setState({ data });
    } catch (error) {
      if (turn === asked.current) setState((now) => ({ ...now, error }));
    }
  }, inputs);
  useEffect(() => {
    setState({});
    reload();
    return () => { asked.current++; };
  }, [reload]);

  const setData = useCallback((next) => setState(({ data }) => ({ data: typeof next === 'function' ? next(data) : next })), []);
  return { ...state, reload, setData };
}
