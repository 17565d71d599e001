// Views that are fetched when they are first shown.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { asProblem } from "./state";
import { sentence } from "./ui/kit";
import { texts } from "./texts";

export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | undefined;
  return function Lazy(props: P) {
    const [state, setState] = useState<{ view?: ComponentType<P>; wrong?: string }>({ view: loaded });
    useEffect(() => {
      if (loaded) return;
      load().then(
        (view) => setState({ view: (loaded = view) }),
        (error) => setState({ wrong: sentence(asProblem(error)) }),
      );
    }, []);
    const View = state.view;
    if (View) return <View {...props} />;
    return <p class="quiet">{state.wrong ?? texts().app.loading}</p>;
  };
}

