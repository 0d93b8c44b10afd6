// The page holds the prices of the day it was built; this service's own may differ, and take their place.

import { render } from "preact";
import { ApiError, json } from "../api";
import { Prices } from "./Prices";
import type { Pricing } from "./prices";

try {
  const pricing = await json<Pricing>("/api/v1/pricing/");
  render(<Prices pricing={pricing} />, document.getElementById("prices") as HTMLElement);
} catch (error) {
  if (!(error instanceof ApiError)) throw error;
  const notice = document.getElementById("unchecked") as HTMLElement;
  notice.hidden = false;
}
