import { SampleSite } from "../support/sampleSite";
import { crashes } from "./lifecycle/crashes";
import { deploys } from "./lifecycle/deploys";
import { ending } from "./lifecycle/ending";
import { environment } from "./lifecycle/environment";
import { goingBack } from "./lifecycle/goingBack";
import { names } from "./lifecycle/names";
import { online } from "./lifecycle/online";
import { promises } from "./lifecycle/promises";
import { settings } from "./lifecycle/settings";

/** The chapters build on each other: one site, from its first deploy to its end. */
describe("the life of a site on Debian 13", () => {
  const site = new SampleSite();
  before(() => site.prepare());
  after(() => site.stack.close());

  online(site);
  promises(site);
  settings(site);
  environment(site);
  deploys(site);
  goingBack(site);
  crashes(site);
  names(site);
  ending(site);
});
