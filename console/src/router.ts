// Views by the address's fragment: no server must know them, whatever prefix the page is served under.
import { useEffect, useState } from "preact/hooks";

export interface Place {
  name: string;
  id?: string;
}

export function placeNow(): Place {
  const [name = "", id] = location.hash.replace(/^#\/?/, "").split("/");
  return { name: name || "convert", id: id ? decodeURIComponent(id) : undefined };
}

export function to(name: string, id?: string): string {
  return `#/${name}${id ? `/${encodeURIComponent(id)}` : ""}`;
}

export function usePlace(): Place {
  const [place, setPlace] = useState(placeNow);
  useEffect(() => {
    const follow = () => setPlace(placeNow());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return place;
}
